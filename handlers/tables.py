"""Every business table; importing this module makes them known to `Base.metadata`."""

from handlers.billing.tables import CashHandover, Invoice, Payment, PriceItem, Quotation
from handlers.complaints.tables import CaseStudy, Complaint, HeadLogEntry
from handlers.cooperation.tables import GroupUnit
from handlers.customers.tables import Contact, Contract, Customer, CustomerLead, Device
from handlers.deadlines.tables import Breach, Promise
from handlers.demo.tables import DemoFill
from handlers.dispatch.tables import Appointment, Area, Assignment, Employee, Office, Skill
from handlers.documents.tables import Archive, Document
from handlers.emergencies.tables import Emergency
from handlers.enquiries.tables import EnquiryRecord
from handlers.escalations.tables import Escalation, EscalationDecision
from handlers.feedback.tables import Callback, ImprovementItem, Survey
from handlers.improvement.tables import ImprovementMeasure, ImprovementMeeting, Recognition, ServiceStrategy, StaffSurvey
from handlers.maintenance.tables import MaintenanceCycle, PlannedVisit
from handlers.master_data.tables import CustomerAccess, MasterDataChange, MasterDataImport
from handlers.notify.tables import Mail, Notification
from handlers.numbers import NumberSeries
from handlers.orders.tables import CustodyMove, Matter, Receipt, RepairForm, ServiceOrder, Slip
from handlers.parts.lifecycle_tables import GoodsReceipt, PurchaseOrder, Scrapping, StockLevel, Stocktake, StocktakeLine
from handlers.parts.tables import Application, FailedLoan, FaultLabel, LedgerEntry, Loan, Part, Reservation, StockItem
from handlers.positions.tables import PositionCheck, PostNorm
from handlers.projects.tables import DailyReport, FieldProject, SiteCheckIn, SiteHandover, WitnessRecord
from handlers.quality.tables import QualityIssue, Report8D
from handlers.reports.tables import KpiCell, KpiMonth
from handlers.training.tables import Training, TrainingEvaluation, TrainingMaterial

__all__ = [
    "Application",
    "Appointment",
    "Archive",
    "Area",
    "Assignment",
    "Breach",
    "Callback",
    "CaseStudy",
    "CashHandover",
    "Complaint",
    "Contact",
    "Contract",
    "CustodyMove",
    "Customer",
    "CustomerAccess",
    "CustomerLead",
    "DailyReport",
    "DemoFill",
    "Device",
    "Document",
    "Emergency",
    "Employee",
    "EnquiryRecord",
    "Escalation",
    "EscalationDecision",
    "FailedLoan",
    "FaultLabel",
    "FieldProject",
    "GoodsReceipt",
    "GroupUnit",
    "HeadLogEntry",
    "ImprovementItem",
    "ImprovementMeasure",
    "ImprovementMeeting",
    "Invoice",
    "KpiCell",
    "KpiMonth",
    "LedgerEntry",
    "Loan",
    "Mail",
    "MaintenanceCycle",
    "MasterDataChange",
    "MasterDataImport",
    "Matter",
    "Notification",
    "NumberSeries",
    "Office",
    "Part",
    "Payment",
    "PlannedVisit",
    "PositionCheck",
    "PostNorm",
    "PriceItem",
    "Promise",
    "PurchaseOrder",
    "QualityIssue",
    "Quotation",
    "Receipt",
    "Recognition",
    "RepairForm",
    "Report8D",
    "Reservation",
    "Scrapping",
    "ServiceOrder",
    "ServiceStrategy",
    "SiteCheckIn",
    "SiteHandover",
    "Skill",
    "Slip",
    "StaffSurvey",
    "StockItem",
    "StockLevel",
    "Stocktake",
    "StocktakeLine",
    "Survey",
    "Training",
    "TrainingEvaluation",
    "TrainingMaterial",
    "WitnessRecord",
]

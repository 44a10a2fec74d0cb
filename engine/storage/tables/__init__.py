"""The engine's tables, by subject."""

from engine.storage.tables.audits import CaseSample, SavedSearch
from engine.storage.tables.calendars import WorkCalendar, WorkCalendarDay
from engine.storage.tables.definitions import DecisionDefinition, Deployment, FormDefinition, ProcessDefinition, Resource, StartSubscription
from engine.storage.tables.hindsights import Hindsight, HindsightCase
from engine.storage.tables.history import CaseTrace, Event, ExportRun, HistoryReading
from engine.storage.tables.instances import ElementInstance, ProcessInstance
from engine.storage.tables.interfaces import ApiToken, RestCall
from engine.storage.tables.migrations import MigrationBatch, MigrationItem
from engine.storage.tables.parameters import ParameterChange
from engine.storage.tables.people import Group, Membership, SignInAddress, User
from engine.storage.tables.publications import Publication, PublicationBatch, PublicationReader
from engine.storage.tables.studio import Draft, DraftRevision, ProcessOwner, ResourceChange
from engine.storage.tables.trials import Trial
from engine.storage.tables.user_tasks import Attachment, Comment, UserTask, UserTaskCandidate
from engine.storage.tables.verifications import Verification, VerificationItem
from engine.storage.tables.waiting import EventSubscription, Incident, Job, Message, Timer

__all__ = [
    "ApiToken",
    "Attachment",
    "CaseSample",
    "CaseTrace",
    "Comment",
    "DecisionDefinition",
    "Deployment",
    "Draft",
    "DraftRevision",
    "ElementInstance",
    "Event",
    "EventSubscription",
    "ExportRun",
    "FormDefinition",
    "Group",
    "Hindsight",
    "HindsightCase",
    "HistoryReading",
    "Incident",
    "Job",
    "Membership",
    "Message",
    "MigrationBatch",
    "MigrationItem",
    "ParameterChange",
    "ProcessDefinition",
    "ProcessInstance",
    "ProcessOwner",
    "Publication",
    "PublicationBatch",
    "PublicationReader",
    "Resource",
    "ResourceChange",
    "RestCall",
    "SavedSearch",
    "SignInAddress",
    "StartSubscription",
    "Timer",
    "Trial",
    "User",
    "UserTask",
    "UserTaskCandidate",
    "Verification",
    "VerificationItem",
    "WorkCalendar",
    "WorkCalendarDay",
]

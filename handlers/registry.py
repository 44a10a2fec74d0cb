"""The table of all handlers: what a diagram may name as a topic."""

from engine.runtime.handlers import Handler, HandlerRegistry
from handlers.billing import payments, prices, quotations
from handlers.complaints import cases, lessons
from handlers.cooperation import units
from handlers.customers import coverage, installed, leads, search
from handlers.deadlines import breaches, due, promises
from handlers.dispatch import appointments, assignments, day, places, ranking
from handlers.documents import archive, render
from handlers.emergencies import command
from handlers.enquiries import records
from handlers.escalations import escalations
from handlers.feedback import callbacks, rounds, surveys
from handlers.improvement import items, meetings, people, praise, staff_surveys, strategies, week
from handlers.maintenance import planning as maintenance_planning
from handlers.maintenance import visits as maintenance_visits
from handlers.notify import mail, notices
from handlers.orders import custody, lookup, orders, pickup, repair_forms, repair_history, slips
from handlers.parts import centre, loans, planning, purchasing, receiving, reconciling, returns, scrapping, stock, stocktake
from handlers.positions import checks as position_checks
from handlers.positions import rounds as position_rounds
from handlers.projects import projects, proofs, site_days
from handlers.quality import issues, reports
from handlers.tasks import candidates
from handlers.training import materials, trainings

HANDLERS: tuple[Handler, ...] = (
    # customers
    search.find,
    search.register,
    search.open_matters,
    coverage.lookup_coverage,
    installed.register_devices,
    # orders
    orders.create,
    lookup.lookup,
    orders.update,
    orders.link_matter,
    slips.create_slip,
    slips.update_slip,
    slips.mark_slip_status,
    repair_forms.save_repair_form,
    repair_history.repair_history,
    custody.issue_receipt,
    custody.move,
    pickup.register_pickup,
    # deadlines and promises
    due.compute_due,
    breaches.record_breach,
    promises.record,
    promises.close,
    promises.check,
    promises.note_overdue,
    # dispatch
    ranking.engineers_in_station,
    ranking.rank_engineers,
    assignments.assign,
    assignments.release,
    places.check_service_area,
    appointments.record_appointment,
    day.list_open_slips,
    day.list_unpassed_slips,
    day.classify_slips,
    day.list_day_visits,
    day.put_first,
    # parts
    stock.catalogue,
    stock.stock_query,
    stock.reserve,
    stock.verify_barcode,
    loans.check_loan_eligibility,
    loans.issue,
    loans.record_failed_loan,
    loans.open_loans,
    returns.fault_label,
    returns.confirm_return,
    centre.apply_to_centre,
    centre.record_centre_answer,
    purchasing.create_purchase_order,
    purchasing.book_purchase,
    receiving.expect_delivery,
    receiving.receive,
    receiving.allot,
    scrapping.list_scrappable,
    scrapping.propose_scrap,
    scrapping.assess_scrap,
    scrapping.reject_scrap,
    scrapping.scrap,
    scrapping.book_scrap,
    stocktake.open_stocktake,
    stocktake.record_counts,
    stocktake.record_recount,
    reconciling.reconcile,
    reconciling.adjust_stock,
    reconciling.close_stocktake,
    planning.compute_usage,
    planning.check_levels,
    planning.set_stock_levels,
    # billing
    prices.lookup_price,
    prices.set_price,
    quotations.make_quotation,
    quotations.record_acceptance,
    payments.record_payment,
    payments.approve_difference,
    payments.issue_invoice,
    payments.confirm_cash_handover,
    payments.book,
    # enquiries
    records.record,
    records.answer,
    # feedback
    callbacks.queue_callback,
    callbacks.list_callbacks,
    callbacks.record_call,
    callbacks.close_callback,
    surveys.save_survey,
    surveys.add_improvement_item,
    rounds.sample_customers,
    rounds.evaluate_round,
    # complaints
    cases.open_complaint,
    cases.count_prior,
    cases.classify,
    cases.record,
    cases.close,
    lessons.write_head_log,
    lessons.publish_case_study,
    lessons.record_discussion,
    # the cycle of improvement
    week.compute_kpis,
    meetings.gather_agenda,
    meetings.record_meeting,
    items.read_item,
    items.take_up,
    items.record_result,
    items.record_check,
    praise.record_recognition,
    strategies.last_strategy,
    strategies.save_strategy,
    people.list_staff,
    staff_surveys.save_staff_answers,
    staff_surveys.sum_up_staff_answers,
    # emergencies
    command.open_emergency,
    command.take_charge,
    command.report,
    # maintenance
    maintenance_planning.generate_plan,
    maintenance_planning.due_visits,
    maintenance_visits.open_visit,
    maintenance_visits.save_rows,
    maintenance_visits.close_visit,
    # positions
    position_rounds.open_round,
    position_checks.instantiate_checklist,
    position_checks.save_checklist,
    position_checks.confirm_check,
    # quality
    issues.open_issue,
    issues.close_issue,
    reports.begin_report,
    reports.save_report,
    # notices and mail
    notices.send,
    mail.email,
    # documents
    render.render,
    archive.attach_evidence,
    archive.check_completeness,
    archive.archive,
    # tasks
    candidates.add_candidates,
    # escalations and the other units of the group
    escalations.open_escalation,
    escalations.record_decision,
    escalations.close,
    units.find_unit,
    # field projects
    projects.open_project,
    projects.assign_team,
    projects.collect_background,
    projects.close_project,
    site_days.check_in,
    site_days.submit_daily_report,
    proofs.record_witness,
    proofs.record_handover,
    leads.record_leads,
    # training of customers
    materials.find_material,
    materials.review_material,
    trainings.record,
    trainings.save_evaluations,
)


def registry() -> HandlerRegistry:
    """The registry an engine is built with."""
    return HandlerRegistry(HANDLERS)

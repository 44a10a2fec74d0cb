"""Why a case was found: for each condition what of the case fulfils it, with a link to that moment in the player."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext, ngettext
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from engine.storage.tables import Comment, ProcessInstance, User, UserTask
from handlers.orders.tables import ServiceOrder
from web.audit import deviations
from web.audit.conditions import entered, people
from web.audit.search import Search
from web.audit.snippets import snippet
from web.audit.words import deviation_names, place_names
from web.customers import business_keys_of_customer, business_keys_of_device, customer_names
from web.definitions import definition
from web.display import when

#: Chips of one kind that a case shows; the others are counted.
_SHOWN = 3


@dataclass(frozen=True)
class Chip:
    """One reason."""

    text: str
    tone: str = "quiet"  #: bad, warn or quiet
    href: str = ""


Found = tuple[str, Chip]


def chips(session: Session, search: Search, now: datetime, root_ids: Collection[str]) -> dict[str, list[Chip]]:
    """The reasons of each of these cases."""
    found: dict[str, list[Chip]] = defaultdict(list)
    if root_ids:
        for tell in (_subjects, _worked, _marked, _went_through, _said):
            for root_id, chip in tell(session, search, now, root_ids):
                found[root_id].append(chip)
    return dict(found)


def _subjects(session: Session, search: Search, _now: datetime, root_ids: Collection[str]) -> Iterator[Found]:
    """The process that was called, the customer, the device."""
    instances = select(ProcessInstance.root_id, ProcessInstance.id, ProcessInstance.business_key).where(
        ProcessInstance.root_id.in_(root_ids)
    )
    if search.process:
        called = instances.where(ProcessInstance.process_key == search.process, ProcessInstance.parent_id.is_not(None))
        for row in session.execute(called):
            yield row.root_id, Chip(gettext("调用的流程"), href=url_for("cases.show", instance_id=row.id))
    if search.customer:
        rows = session.execute(instances.where(ProcessInstance.business_key.in_(business_keys_of_customer(search.customer)))).all()
        names = customer_names(session, (row.business_key for row in rows))
        for root_id, name in dict.fromkeys((row.root_id, names[row.business_key]) for row in rows):
            yield root_id, Chip(gettext("客户 %(name)s", name=name))
    if search.device:
        about = select(ProcessInstance.root_id, ServiceOrder.device_serial, ServiceOrder.device_model).join(
            ServiceOrder, ServiceOrder.id == ProcessInstance.business_key
        )
        of_device = ProcessInstance.business_key.in_(business_keys_of_device(search.device))
        for root_id, serial, model in session.execute(about.where(ProcessInstance.root_id.in_(root_ids), of_device).distinct()):
            yield root_id, Chip(gettext("设备 %(name)s", name=" ".join(filter(None, (model, serial)))))


def _worked(session: Session, search: Search, _now: datetime, root_ids: Collection[str]) -> Iterator[Found]:
    if not search.person:
        return
    own = and_(User.id.in_(people(search.person)), UserTask.root_id.in_(root_ids))
    tasks = select(UserTask.root_id, User.name, func.count().label("number")).join(
        User, or_(User.id == UserTask.completed_by, and_(UserTask.completed_by.is_(None), User.id == UserTask.assignee))
    )
    for root_id, name, number in session.execute(tasks.where(own).group_by(UserTask.root_id, User.name)):
        yield root_id, Chip(ngettext("%(name)s %(num)d 个任务", "%(name)s %(num)d 个任务", number, name=name))
    remarks = select(Comment.root_id, User.name).join(User, User.id == Comment.written_by)
    for row in session.execute(remarks.where(User.id.in_(people(search.person)), Comment.root_id.in_(root_ids)).distinct()):
        yield row.root_id, Chip(gettext("%(name)s 写过备注", name=row.name))


def _marked(session: Session, search: Search, now: datetime, root_ids: Collection[str]) -> Iterator[Found]:
    names = {deviations.LATE: gettext("超过期限"), **deviation_names()}
    for kind in (*([deviations.LATE] if search.late else []), *search.deviations):
        if kind not in names:
            continue
        marks = deviations.marks(session, kind, now, root_ids)
        drawn = _drawn(session, {mark.instance_id for mark in marks})
        of_case: dict[str, list[deviations.Mark]] = defaultdict(list)
        for mark in marks:
            of_case[mark.root_id].append(mark)
        tone = "bad" if kind in (deviations.LATE, "incident") else "warn"
        for root_id, own in of_case.items():
            for mark in own[:_SHOWN]:
                title = definition(session, drawn[mark.instance_id]).element_title(mark.element_id) if mark.element_id else ""
                words = " · ".join(filter(None, (names[kind], title, when(mark.happened_at))))
                yield root_id, Chip(words, tone, url_for("replay.show", instance_id=mark.instance_id, event=mark.sequence))
            if len(own) > _SHOWN:
                yield root_id, Chip(f"{names[kind]} +{len(own) - _SHOWN}", tone)


def _went_through(session: Session, search: Search, _now: datetime, root_ids: Collection[str]) -> Iterator[Found]:
    if not (search.process and search.through):
        return
    names = place_names(session, search)
    event = deviations.events_of(root_ids)
    for place in search.through:
        entered_it = and_(event.type == "ElementEntered", event.element_id == place)
        took_it = and_(event.type == "FlowTaken", event.data["flow_id"].as_string() == place)
        passed = (
            select(event.root_id, event.instance_id, func.min(event.sequence).label("first"), func.count().label("number"))
            .join(ProcessInstance, ProcessInstance.id == event.instance_id)
            .where(ProcessInstance.process_key == search.process, or_(entered_it, took_it))
            .group_by(event.root_id, event.instance_id)
        )
        for row in session.execute(passed):
            times = f" ×{row.number}" if row.number > 1 else ""
            yield row.root_id, Chip(f"{names[place]}{times}", href=url_for("replay.show", instance_id=row.instance_id, event=row.first))


def _said(session: Session, search: Search, _now: datetime, root_ids: Collection[str]) -> Iterator[Found]:
    if not search.text:
        return
    remarks = select(Comment.root_id, Comment.text).where(
        Comment.root_id.in_(root_ids), Comment.text.icontains(search.text, autoescape=True)
    )
    for row in session.execute(remarks.order_by(Comment.written_at)):
        yield row.root_id, Chip(gettext("备注：%(text)s", text=snippet(row.text, search.text)))
    if search.in_values:
        told: dict[str, int] = defaultdict(int)
        own = deviations.events_of(root_ids)
        for event in session.scalars(select(own).where(entered(search.text, own)).order_by(own.happened_at)):
            told[event.root_id] += 1
            if told[event.root_id] <= _SHOWN:
                place = url_for("replay.show", instance_id=event.instance_id, event=event.sequence)
                yield event.root_id, Chip(gettext("填写：%(text)s", text=snippet(event.data, search.text)), href=place)


def _drawn(session: Session, instance_ids: Collection[str]) -> dict[str, str]:
    rows = session.execute(select(ProcessInstance.id, ProcessInstance.process_definition_id).where(ProcessInstance.id.in_(instance_ids)))
    return {row.id: row.process_definition_id for row in rows}

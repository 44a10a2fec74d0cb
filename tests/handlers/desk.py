"""A desk in the demo office: handlers called the way the engine calls them, one transaction each."""

from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from engine.manuals.parameters import PARAMETERS as FILE
from engine.manuals.parameters import read_values
from engine.runtime.engine import Engine
from engine.runtime.handlers import JobContext
from engine.storage.contents import ContentStore
from engine.storage.tables import Attachment

PARAMETERS = read_values((Path(__file__).parents[2] / "processes" / FILE).read_bytes())


class Desk:
    """Calls handlers by topic with JSON values and gives JSON values back."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.actor = "hotline1"
        self.business_key: str | None = None
        self.process_key = "onsite_service"
        self._jobs = count(1)

    def do(self, topic: str, job: str | None = None, **values: Any) -> dict[str, Any]:
        """One job; give `job` to repeat the same one."""
        handler = self.engine.handlers.get(topic)
        assert handler is not None, topic
        request = handler.request.model_validate(values)
        database = self.engine.database
        with database.own_session() if handler.kind == "external" else database.transaction() as session:
            result = handler.function(self.context(session, job or f"job-{next(self._jobs)}"), request)
            session.flush()
        return {} if result is None else result.model_dump(mode="json")

    def context(self, session: Session, job: str = "job") -> JobContext:
        """What a handler is told of its job."""
        return JobContext(
            session=session,
            clock=self.engine.clock,
            settings=self.engine.settings,
            calendars=self.engine.calendars,
            parameters=PARAMETERS,
            job_id=job,
            idempotency_key=job,
            instance_id="case",
            root_instance_id="case",
            business_key=self.business_key,
            process_key=self.process_key,
            element_id="element",
            element_name="活动",
            actor=self.actor,
        )

    def attach(self, name: str, content: bytes, kind: str = "signature") -> str:
        """Put a file into the case; returns the attachment's id."""
        stored = ContentStore(self.engine.settings).put(name, content)
        with self.engine.database.transaction() as session:
            attachment = Attachment(
                id=f"attachment-{next(self._jobs)}",
                root_id="case",
                instance_id="case",
                name=name,
                kind=kind,
                media_type=stored.media_type,
                size_bytes=stored.size_bytes,
                sha256=stored.sha256,
                added_at=self.engine.clock.now(),
            )
            session.add(attachment)
        return attachment.id

    def rows(self, query: Any) -> list[Any]:
        """What a select finds."""
        with self.engine.database.session() as session:
            return list(session.scalars(query))

    def order(self, **values: Any) -> str:
        """A service order of 楚云物流, with a slip; its number becomes the case's business key."""
        created = self.do(
            "orders.create", customer_id="KH0001", contact_person="王伟", contact_phone="19901010001", need_content="开不了机", **values
        )
        self.business_key = created["order_id"]
        self.do("orders.create_slip", **PART_A)
        return str(created["order_id"])


PART_A = {
    "customer_unit": "楚云物流有限公司",
    "address": "武汉市东西湖区金银湖路 18 号",
    "contact_person": "王伟",
    "contact_phone": "19901010001",
    "device_model": "启明 QT-520 台式机",
    "device_serial": "QM0001",
    "fault": "开不了机",
    "fault_type_guess": "hardware",
    "in_warranty": True,
    "in_onsite_period": False,
    "paid": False,
}

"""What people of the office know: who is who, which parts there are, what was agreed."""

from typing import Any

from sqlalchemy import select

from engine.ids import Chance
from engine.runtime.engine import Engine
from handlers.billing.tables import PriceItem
from handlers.customers.tables import Contact, Customer, Device
from handlers.dispatch.tables import Employee
from handlers.parts.tables import Loan, Part, StockItem

_PEOPLE = ("engineer_id", "bench_engineer", "measure_owner", "trainer", "owner", "finder", "leader", "escort")
#: How often a question is answered by yes; all others by what stands first, mostly.
_YES = {
    **dict.fromkeys(("safety_risk", "major_production_loss", "system_paralysis", "is_complaint", "in_media", "threatens_public"), 0.03),
    **dict.fromkeys(("part_missing", "question_open", "has_special_request", "same_day", "other_company_product", "data_risk"), 0.15),
    **dict.fromkeys(("open_case", "major_repair", "cost_change", "move_items", "other_needs", "has_open_problems", "insists_on_date"), 0.2),
    **dict.fromkeys(
        ("reached", "repaired", "reproduced", "solved", "satisfied", "service_accepted", "accepted", "approved", "sure", "facts_complete"),
        0.85,
    ),
    **dict.fromkeys(("feasible", "flexible", "clear", "item_done", "effective"), 0.9),
    **dict.fromkeys(
        ("confirmed_with_customer", "customer_present", "permission", "can_go", "papers_complete", "papers_correct", "ok"), 0.93
    ),
}
_MONEY = ("charged_amount", "handed_amount", "counted", "amount")


class Office:
    """Answers for fields of a name, read once from the master data."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        with engine.database.session() as session:
            self.engineers = list(session.scalars(select(Employee.user_id).where(Employee.is_engineer).order_by(Employee.user_id)))
            self.parts = list(session.scalars(select(Part.no).order_by(Part.no)))
            self.serialised = set(session.scalars(select(Part.no).where(Part.is_serialised)))
            self.codes = sorted(set(session.scalars(select(PriceItem.code))))
            self.phones = list(session.scalars(select(Contact.phone).order_by(Contact.id)))
            self.units = list(session.scalars(select(Customer.unit_name).order_by(Customer.id)))
            self.devices = [(row.model, row.serial) for row in session.scalars(select(Device).order_by(Device.serial))]

    def knows(self, key: str, scope: dict[str, Any], chance: Chance) -> Any:
        """The value of a field that is no attachment and no time, or None."""
        if key in _PEOPLE or key.endswith("_engineer"):
            return chance.choice(self.engineers)
        if key in _YES:
            return chance.random() < _YES[key]
        if key == "part_no":
            return chance.choice(self.parts)
        if key == "barcode":
            return self._barcode(scope, chance) or self._new_barcode(scope, chance)
        if key == "qty" and chance.random() < 0.8:
            return 1
        if key in ("code", "price_code"):
            return chance.choice(self.codes)
        if "phone" in key or key == "caller":
            return chance.choice(self.phones)
        if key == "customer_unit":
            return chance.choice(self.units)
        if key in ("device_model", "device_serial"):
            return chance.choice(self.devices)[key == "device_serial"]
        if key == "repurchase_p":
            return chance.choice((0.9, 0.5, 0.3, 0.05, 0))
        if key in _MONEY:
            return next((scope[name] for name in ("handed_amount", "charged_amount", "quotation_total") if scope.get(name)), None)
        return None

    def _new_barcode(self, scope: dict[str, Any], chance: Chance) -> str | None:
        """The label of a piece that arrives."""
        part_no = (scope.get("this") or {}).get("part_no")
        if part_no is None:
            return None
        return f"{part_no}-{chance.randint(1000, 9999)}" if part_no in self.serialised else str(part_no)

    def _barcode(self, scope: dict[str, Any], chance: Chance) -> str | None:
        """One on the shelf now, or the one that was lent; now and then a wrong one."""
        loan_id = (scope.get("line") or {}).get("loan_id") or scope.get("loan_id")
        part_no = (scope.get("stock_line") or {}).get("part_no")
        on_shelf = select(StockItem.barcode).where(StockItem.part_no == part_no, StockItem.place == "shelf", StockItem.qty > 0)
        with self._engine.database.session() as session:
            lent = session.scalars(select(Loan.barcode).where(Loan.id == loan_id))
            known = [*session.scalars(on_shelf.order_by(StockItem.barcode)), *lent]
        return None if not known else chance.choice(known) if chance.random() < 0.9 else "RL-P"

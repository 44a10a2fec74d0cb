"""Laws of the stock that hold whatever people do: random loans, returns and deliveries."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from engine.runtime.handlers import BpmnError
from handlers.parts.ledger import OUR_PLACES, balance
from handlers.parts.tables import LedgerEntry, Loan, StockItem

PARTS = ("PS-300", "PS-SW", "RL-P")  # several pieces; two pieces; counted by number
ENGINEERS = ("engineer1", "engineer2")

lend = st.tuples(st.just("lend"), st.sampled_from(PARTS), st.sampled_from(ENGINEERS), st.sampled_from("ab"), st.integers(1, 3))
give_back = st.tuples(
    st.just("return"),
    st.integers(0, 5),
    st.sampled_from(["unused", "replaced_defective", "consumed_no_return"]),
    st.sampled_from(["good", "defective"]),
)
deliver = st.tuples(st.just("deliver"), st.sampled_from(PARTS), st.integers(1, 2))
days = st.lists(lend | give_back | deliver, max_size=14)


class Storeroom:
    """Does what a day says, in a transaction that is never committed."""

    def __init__(self, desk, session):
        self.desk = desk
        self.session = session
        self.count = 0

    def call(self, topic, **values):
        """One job with its own savepoint, as the engine runs it; None when it is refused."""
        self.count += 1
        handler = self.desk.engine.handlers.get(topic)
        ctx = self.desk.context(self.session, f"job-{self.count}")
        savepoint = self.session.begin_nested()
        try:
            result = handler.function(ctx, handler.request.model_validate(values))
            self.session.flush()
        except BpmnError:
            savepoint.rollback()
            return None
        savepoint.commit()
        return result

    def do(self, action):
        """One line of a day."""
        if action[0] == "lend":
            _, part_no, engineer, trip, qty = action
            codes = self.call("parts.stock_query", parts=[{"part_no": part_no}]).stock_lines[0].barcodes
            for barcode in codes[:1]:
                wanted = qty if part_no == "RL-P" else 1
                self.call("parts.issue", engineer_id=engineer, trip_id=f"{engineer}-{trip}", part_no=part_no, barcode=barcode, qty=wanted)
        elif action[0] == "return":
            _, index, kind, condition = action
            loans = self.session.scalars(select(Loan).order_by(Loan.id)).all()
            if index < len(loans):
                loan_id = loans[index].id
                if kind == "replaced_defective" and index % 2:
                    self.call("parts.fault_label", loan_id=loan_id, symptom="坏")
                self.call("parts.confirm_return", loan_id=loan_id, returned_kind=kind, condition=condition)
        else:
            self.call("parts.receive", lines=[{"part_no": action[1], "qty": action[2]}])


@pytest.mark.timeout(300)
@given(day=days)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_stock_is_the_sum_of_the_ledger_and_nothing_is_lost(make_desk, sqlite_database, day):
    """After any day: every balance equals its ledger, nothing is negative, what is on loan is what open loans say."""
    desk = opened(make_desk, sqlite_database)
    with sqlite_database.session() as session:
        room = Storeroom(desk, session)
        for action in day:
            room.do(action)
            keeps_the_loan_rule(session)

        ctx = desk.context(session)
        on_loan: Counter[str] = Counter()
        for item in session.scalars(select(StockItem)):
            assert item.qty == balance(ctx, item.barcode, item.place) >= 0
            on_loan[item.part_no] += item.qty if item.place == "loan" else 0
        for loan in session.scalars(select(Loan).where(Loan.returned_at.is_(None))):
            on_loan[loan.part_no] -= loan.qty
        assert not any(on_loan.values())
        came_in = sum(entry.qty for entry in session.scalars(select(LedgerEntry)) if entry.from_place not in OUR_PLACES)
        went_out = sum(entry.qty for entry in session.scalars(select(LedgerEntry)) if entry.to_place not in OUR_PLACES)
        assert sum(item.qty for item in session.scalars(select(StockItem))) == came_in - went_out


def keeps_the_loan_rule(session):
    """Nobody ever has parts of two trips."""
    trips = {}
    for loan in session.scalars(select(Loan).where(Loan.returned_at.is_(None))):
        assert trips.setdefault(loan.engineer_id, loan.trip_id) == loan.trip_id


def opened(make_desk, database, known={}):  # noqa: B006 - one office for all days, since nothing is committed
    """The office with one order, opened once per database."""
    if database not in known:
        known.clear()
        known[database] = make_desk(database)
        known[database].order()
    return known[database]

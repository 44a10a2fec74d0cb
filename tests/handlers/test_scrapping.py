"""Scrapping: nothing leaves the store for good without a verdict, an approval and a ledger entry."""

import pytest
from sqlalchemy import select

from engine.runtime.handlers import BpmnError
from handlers.parts.ledger import balance
from handlers.parts.lifecycle_tables import Scrapping
from handlers.parts.tables import LedgerEntry

OLD = "HD-2T-OLD"


@pytest.fixture
def scrap_no(desk):
    """A defective disk that is proposed for scrapping."""
    desk.do("parts.receive", lines=[{"part_no": "HD-2T", "barcode": OLD, "condition": "defective"}])
    return desk.do("parts.propose_scrap", barcode=OLD, scrap_reason="defective")["scrap_no"]


def assess(desk, scrap_no, **verdict):
    """The technical verdict."""
    return desk.do("parts.assess_scrap", scrap_no=scrap_no, measured="盘片划伤", **({"repairable": False, "exchangeable": False} | verdict))


def left(desk):
    """Pieces that are still with the defective ones."""
    with desk.engine.database.session() as session:
        return balance(desk.context(session), OLD, "defective")


def test_what_is_not_in_the_store_cannot_be_proposed(desk):
    """Neither an unknown code nor more pieces than there are."""
    for values in ({"barcode": "HD-2T-9999"}, {"barcode": "RL-P", "qty": 999}):
        with pytest.raises(BpmnError) as refused:
            desk.do("parts.propose_scrap", scrap_reason="lost", **values)
        assert refused.value.code == "OUT_OF_STOCK"


def test_the_list_shows_the_defective_pieces_first(desk, scrap_no):
    """What lies with the defective ones is what one looks for."""
    options = desk.do("parts.list_scrappable", part_no="HD-2T")["scrap_options"]

    assert options[0]["value"] == OLD
    assert len(options) > 1


def test_a_scrapped_part_leaves_the_store_once(desk, scrap_no):
    """The same disposal again makes no second entry; the value written off is the catalogue's."""
    assess(desk, scrap_no)
    disposal = {"scrap_no": scrap_no, "approved_by": "chief1", "method": "destroy", "witness_sig": "sig", "photos": ["photo"]}

    first = desk.do("parts.scrap", **disposal)
    again = desk.do("parts.scrap", **disposal)
    booked = desk.do("parts.book_scrap", scrap_no=scrap_no, voucher="PZ-1")

    assert first == again
    assert left(desk) == 0
    assert [entry.reference for entry in desk.rows(select(LedgerEntry).where(LedgerEntry.kind == "scrap"))] == [scrap_no]
    assert booked == {"written_off": 980.0}


@pytest.mark.parametrize("approver", [None, "parts1"])
def test_only_the_service_manager_lets_a_part_be_scrapped(desk, scrap_no, approver):
    """Without that approval it stays."""
    assess(desk, scrap_no)

    with pytest.raises(BpmnError) as refused:
        desk.do("parts.scrap", scrap_no=scrap_no, approved_by=approver, method="destroy")

    assert refused.value.code == "NOT_APPROVED"
    assert left(desk) == 1


def test_what_was_kept_or_rejected_is_not_scrapped_after_all(desk, scrap_no):
    """A part that can be exchanged is kept; its proposal is closed."""
    assert assess(desk, scrap_no, exchangeable=True) == {"kept": True}

    with pytest.raises(BpmnError) as refused:
        desk.do("parts.scrap", scrap_no=scrap_no, approved_by="chief1", method="destroy")

    assert refused.value.code == "NOT_APPROVED"
    assert desk.rows(select(Scrapping))[0].state == "kept"

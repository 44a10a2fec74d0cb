"""Transactions: cancelled from inside, undone, and left by their cancel boundary event."""

from tests.engine.conftest import Play

_TRIP = """start trip e end \n cancelled f end_cancelled <boundaryEvent id="cancelled" on="trip" cancel="true"/>
<transaction id="trip">start_in fork a join choose [ok] end_in \n fork b join \n choose / end_no <endEvent id="end_no" cancel="true"/>
  <boundaryEvent id="on_a" on="a" by="undo_a"/><boundaryEvent id="on_b" on="b" by="undo_b"/>%s</transaction>"""


def _complete(play: Play, *elements: str) -> None:
    for element in elements:
        play.complete(element)


def test_a_transaction_that_succeeds_is_left_like_a_sub_process(play: Play) -> None:
    """Given no cancel, when its last token ends, then the case goes on and nothing is undone."""
    case = play.begin(f"{_TRIP % ''}", ok=True)
    _complete(play, "a", "b", "e")
    assert play.ended(case) == "end"


def test_a_cancelled_transaction_is_undone_and_then_left(play: Play) -> None:
    """Given a cancel end event, when it is reached, then what completed is undone, last first, and only then the cancel boundary event is left."""
    case = play.begin(f"{_TRIP % ''}", ok=False)
    _complete(play, "a", "b")
    assert play.open_elements() == ["undo_b"]
    play.complete("undo_b")
    assert play.open_elements() == ["undo_a"]
    play.complete("undo_a")
    assert play.open_elements() == ["f"]
    play.complete("f")
    assert play.ended(case) == "end_cancelled"
    assert [event.element_id for event in play.events(case, "TransactionCancelled")] == ["trip"]
    assert [event.element_id for event in play.events(case, "ElementCancelled")] == ["trip"]


def test_what_still_runs_is_ended_and_not_undone(play: Play) -> None:
    """Given work in another branch, when the transaction is cancelled, then that work is withdrawn at once and only what completed is undone; no deadline interrupts that."""
    case = play.begin(
        """start trip end \n cancelled end_cancelled \n late end_late
        <boundaryEvent id="cancelled" on="trip" cancel="true"/><boundaryEvent id="late" on="trip" duration="PT1H"/>
        <transaction id="trip">start_in fork a b end_in \n fork c end_no <endEvent id="end_no" cancel="true"/>
          <boundaryEvent id="on_a" on="a" by="undo_a"/><boundaryEvent id="on_b" on="b" by="undo_b"/>
          <subProcess id="on" triggeredByEvent="true">start_on d <startEvent id="start_on" isInterrupting="false" message="order"/></subProcess></transaction>""",
        "K",
    )
    _complete(play, "a", "c")
    assert play.open_elements() == ["undo_a"]
    play.advance(hours=2)
    play.message("order", "K")
    assert play.open_elements() == ["undo_a"]
    play.complete("undo_a")
    assert play.ended(case) == "end_cancelled"


def test_cancelled_with_nothing_to_undo(play: Play) -> None:
    """Given that nothing with a handler completed, when the transaction is cancelled, then it is left at once."""
    case = play.begin(
        """start trip end \n cancelled end_cancelled <boundaryEvent id="cancelled" on="trip" cancel="true"/>
        <transaction id="trip">a end_no <endEvent id="end_no" cancel="true"/></transaction>"""
    )
    play.complete("a")
    assert play.ended(case) == "end_cancelled"


def test_a_hazard_is_an_error_and_undoes_nothing(play: Play) -> None:
    """Given an error inside, when nobody inside catches it, then the transaction is left by its error boundary event, interrupted and not undone."""
    case = play.begin(
        """start trip end \n cancelled end_cancelled \n hazard end_hazard
        <boundaryEvent id="cancelled" on="trip" cancel="true"/><boundaryEvent id="hazard" on="trip" error="BAD"/>
        <transaction id="trip">a choose [ok] end_no \n choose / end_bad <endEvent id="end_no" cancel="true"/><endEvent id="end_bad" error="BAD"/>
          <boundaryEvent id="on_a" on="a" by="undo_a"/></transaction>""",
        ok=False,
    )
    play.complete("a")
    assert play.ended(case) == "end_hazard"


def test_an_inner_sub_process_is_undone_if_it_completed(play: Play) -> None:
    """Given a completed sub-process inside, when the transaction is cancelled, then it is undone too, with its snapshot."""
    case = play.begin(
        """start trip end \n cancelled end_cancelled <boundaryEvent id="cancelled" on="trip" cancel="true"/>
        <transaction id="trip">sub end_no <endEvent id="end_no" cancel="true"/>
          <subProcess id="sub" in:room="=7">a <boundaryEvent id="on_a" on="a" by="undo_a"/><userTask id="undo_a" isForCompensation="true" out:freed="=room"/>
          </subProcess></transaction>"""
    )
    _complete(play, "a", "undo_a")
    assert play.ended(case) == "end_cancelled"
    assert play.variables(case) == {"freed": 7}


def test_a_transaction_in_a_transaction_is_undone_with_it(play: Play) -> None:
    """Given a completed inner transaction, when the outer one is cancelled, then the inner one is undone; one that was cancelled itself is not undone again."""
    case = play.begin(
        """start trip end \n cancelled end_cancelled <boundaryEvent id="cancelled" on="trip" cancel="true"/>
        <transaction id="trip">hotel flight end_no \n no_flight end_no <endEvent id="end_no" cancel="true"/>
          <transaction id="hotel">a <boundaryEvent id="on_a" on="a" by="undo_a"/></transaction>
          <boundaryEvent id="no_flight" on="flight" cancel="true"/>
          <transaction id="flight">b stop <endEvent id="stop" cancel="true"/><boundaryEvent id="on_b" on="b" by="undo_b"/></transaction></transaction>"""
    )
    _complete(play, "a", "b")
    assert play.open_elements() == ["undo_b"]
    play.complete("undo_b")
    assert play.open_elements() == ["undo_a"]
    play.complete("undo_a")
    assert play.ended(case) == "end_cancelled"


def test_one_cancelled_round_ends_all_rounds(play: Play) -> None:
    """Given a multi-instance transaction, when one round cancels, then that round is undone, the others are ended, and the boundary event is left once."""
    case = play.begin(
        """start trip end \n cancelled end_cancelled <boundaryEvent id="cancelled" on="trip" cancel="true"/>
        <transaction id="trip" each="=[1, 2]" item="n">a choose [n = 1] end_no \n choose / b <endEvent id="end_no" cancel="true"/>
          <boundaryEvent id="on_a" on="a" by="undo_a"/><userTask id="undo_a" isForCompensation="true" out:undone="=n"/></transaction>"""
    )
    play.complete_any("a")
    play.complete("a")
    assert play.open_elements() == ["b", "undo_a"]
    play.complete("undo_a")
    assert play.ended(case) == "end_cancelled"
    assert play.variables(case) == {"undone": 1}


def test_a_transaction_is_tried_again(play: Play) -> None:
    """Given a way back from the cancel boundary event, then a new round of the transaction remembers nothing of the cancelled one."""
    case = play.begin(
        """start merge trip end \n cancelled merge <boundaryEvent id="cancelled" on="trip" cancel="true"/>
        <transaction id="trip">a x choose [n >= 2] end_in \n choose / end_no <endEvent id="end_no" cancel="true"/>
          <scriptTask id="x" scriptFormat="feel" camunda:resultVariable="n"><script>n + 1</script></scriptTask>
          <boundaryEvent id="on_a" on="a" by="undo_a"/></transaction>""",
        n=0,
    )
    _complete(play, "a", "undo_a", "a")
    assert play.ended(case) == "end"

"""Ids."""

from engine.ids import new_id


def test_ids_of_one_process_are_in_the_order_they_were_made() -> None:
    """Rows made in the same millisecond keep their order; nothing is doubled."""
    ids = [new_id() for _ in range(20_000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert all(len(one) == 32 and one[12] == "7" and one[16] in "89ab" for one in ids)

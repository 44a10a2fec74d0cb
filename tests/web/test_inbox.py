"""The inbox as staff see it."""

from tests.web.conftest import Site


def test_a_started_case_waits_in_the_group_and_moves_to_mine_when_claimed(site_on_each: Site) -> None:
    """Given a started case, its first task is in the tab of the group; after claiming it is in 我的 and nowhere else's."""
    task_id = site_on_each.start()
    hotline = site_on_each.as_("hotline1")

    assert "登记需求" in hotline.text("/inbox?tab=groups")
    assert "登记需求" not in hotline.text("/inbox?tab=mine")
    assert "登记需求" not in site_on_each.as_("engineer1").text("/inbox?tab=all")

    hotline.send("/inbox/claim", {"task": task_id})

    assert "登记需求" in hotline.text("/inbox")
    assert "登记需求" not in site_on_each.as_("hotline2").text("/inbox?tab=groups")

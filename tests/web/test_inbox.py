"""The inbox as staff see it."""

from datetime import timedelta

from sqlalchemy import update

from engine.storage.tables import UserTask
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


def test_deadlines_sort_the_list_and_fill_the_tabs(site_on_each: Site) -> None:
    """Given a task due in 30 minutes, it is due today; an hour later it is overdue, and the badge says by how much and why."""
    site_on_each.start()
    hotline = site_on_each.as_("hotline1")
    assert 'class="due due-warn"' in hotline.text("/inbox?tab=due")

    site_on_each.clock.advance(timedelta(hours=1))

    page = hotline.text("/inbox?tab=overdue")
    assert "逾期 30 分钟" in page
    assert "due-why" in page
    assert "今天没有到期的任务" in hotline.text("/inbox?tab=due")


def test_search_finds_by_task_and_number_and_leaves_the_rest_out(site_on_each: Site) -> None:
    """Given two cases with numbers, searching for one number shows one; wildcards of SQL are plain characters."""
    first, second = site_on_each.start("甲"), site_on_each.start("乙")
    with site_on_each.engine.database.transaction() as session:
        session.execute(update(UserTask).where(UserTask.id == first).values(business_key="SO-0001"))
        session.execute(update(UserTask).where(UserTask.id == second).values(business_key="SO-0002"))
    hotline = site_on_each.as_("hotline1")

    page = hotline.text("/inbox?tab=groups&q=0002")
    assert "SO-0002" in page
    assert "SO-0001" not in page
    assert "没有符合条件的任务" in hotline.text("/inbox?tab=groups&q=%25")
    assert "SO-0001" in hotline.text("/inbox?tab=groups&q=登记&process=site_visit&sort=name")


def test_claiming_several_says_honestly_which_were_lost(site: Site) -> None:
    """Given two ticked tasks of which a colleague has just claimed one, the other is claimed and the loss is told."""
    first, second = site.start("甲"), site.start("乙")
    hotline = site.as_("hotline1")
    token = hotline.csrf()
    site.as_("hotline2").send("/inbox/claim", {"task": first})

    page = hotline.post("/inbox/claim", data={"csrf_token": token, "task": [first, second]}, follow_redirects=True).get_data(as_text=True)

    assert "已认领 1 个任务" in page
    assert "1 个任务已被他人认领" in page


def test_live_refresh_sends_nothing_when_nothing_changed(site: Site) -> None:
    """Given the list was fetched, asking again with its ETag answers 304; after a change it answers 200."""
    hotline = site.as_("hotline1")
    first = hotline.get("/inbox/list?tab=groups", headers={"HX-Request": "true"})
    etag = first.headers["ETag"]

    assert hotline.get("/inbox/list?tab=groups", headers={"If-None-Match": etag}).status_code == 304
    site.start()
    assert hotline.get("/inbox/list?tab=groups", headers={"If-None-Match": etag}).status_code == 200


def test_the_list_is_paged(site: Site) -> None:
    """Given 26 tasks, the first page shows 25 and the second one."""
    for number in range(26):
        site.start(f"客户{number}")
    hotline = site.as_("hotline1")

    assert hotline.text("/inbox?tab=groups").count("data-row>") == 25
    assert hotline.text("/inbox?tab=groups&page=2").count("data-row>") == 1
    assert "没有" in hotline.text("/inbox?tab=groups&page=999999999")


def test_the_page_needs_few_statements(site: Site) -> None:
    """Given ten tasks or one, the inbox asks the database the same small number of times."""
    from engine.storage.database import count_statements

    site.start()
    hotline = site.as_("hotline1")
    hotline.text("/inbox?tab=groups")
    with count_statements(site.engine.database) as one:
        hotline.text("/inbox?tab=groups")
    for number in range(9):
        site.start(f"客户{number}")
    with count_statements(site.engine.database) as ten:
        hotline.text("/inbox?tab=groups")

    assert len(ten.statements) == len(one.statements)
    assert len(one.statements) <= 12


def test_english_readers_search_in_english(site: Site) -> None:
    """Given an English reader, part of a task's English name finds it; Chinese readers' results are as before."""
    site.start()
    hotline = site.as_("hotline1")
    assert "没有符合条件的任务" in hotline.text("/inbox?tab=groups&q=record the")
    hotline.send("/language/en")

    assert "Record the need" in hotline.text("/inbox?tab=groups&q=record the")
    assert "No task matches" in hotline.text("/inbox?tab=groups&q=visit and inspect")


def test_a_reminder_shows_when_its_day_has_come(site: Site) -> None:
    """Given a reminder for tomorrow, the list marks the task tomorrow and not today."""
    task_id = site.start()
    hotline = site.as_("hotline1")
    hotline.send(f"/tasks/{task_id}/claim")
    hotline.send(f"/tasks/{task_id}/follow-up", {"day": "2026-03-06"})
    assert "提醒" not in hotline.text("/inbox/list")

    site.clock.advance(timedelta(days=1))

    assert "提醒" in hotline.text("/inbox/list")

"""Signing in, sessions, passwords, and the first page of a new installation."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete

from engine.errors import InvalidInput
from engine.storage.tables import Membership, User
from tests.web.conftest import PASSWORD, Client, Site
from web.auth.passwords import check_new_password
from web.auth.sign_in import ADDRESS_FREE_FAILURES


def token_of(page: str) -> str:
    """The CSRF token of a page."""
    return page.split('name="csrf-token" content="')[1].split('"', maxsplit=1)[0]


def try_to_sign_in(client: Client, user: str, password: str, **more: str) -> int:
    """The status of a sign-in."""
    token = token_of(client.text("/login"))
    return client.post("/login", data={"user": user, "password": password, "csrf_token": token, **more}).status_code


def test_the_right_password_opens_the_page_that_was_asked_for(site: Site) -> None:
    """Given a link to a page, the stranger is asked to sign in and then lands there."""
    client = site.visitor()
    answer = client.get("/cases?state=active")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login?next=")

    token = token_of(client.text("/login"))
    landed = client.post("/login", data={"user": "hotline1", "password": PASSWORD, "csrf_token": token, "next": "/cases?state=active"})

    assert landed.headers["Location"] == "/cases?state=active"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "evil"])
def test_nobody_is_led_to_a_foreign_site(site: Site, target: str) -> None:
    """Given a forged target, signing in leads to the own inbox."""
    client = site.visitor()
    token = token_of(client.text("/login"))
    landed = client.post("/login", data={"user": "hotline1", "password": PASSWORD, "csrf_token": token, "next": target})

    assert landed.headers["Location"] == "/inbox"


def test_a_wrong_name_and_a_wrong_password_sound_the_same(site: Site) -> None:
    """Given either mistake, the words are the same, so names cannot be found out."""
    client = site.visitor()
    token = token_of(client.text("/login"))
    wrong_password = client.post("/login", data={"user": "hotline1", "password": "x", "csrf_token": token}).get_data(as_text=True)
    wrong_name = client.post("/login", data={"user": "nobody", "password": "x", "csrf_token": token}).get_data(as_text=True)

    assert "登录名或密码不对" in wrong_password
    assert "登录名或密码不对" in wrong_name


def test_guessing_at_one_account_is_slowed_down(site_on_each: Site) -> None:
    """Given five failures, the sixth try is refused even with the right password; after the wait it works."""
    client = site_on_each.visitor()
    for _ in range(5):
        assert try_to_sign_in(client, "hotline1", "wrong") == 403

    assert try_to_sign_in(client, "hotline1", PASSWORD) == 403
    assert "尝试次数过多" in client.post(
        "/login", data={"user": "hotline1", "password": PASSWORD, "csrf_token": token_of(client.text("/login"))}
    ).get_data(as_text=True)

    site_on_each.wall_clock.present += timedelta(minutes=16)
    assert try_to_sign_in(client, "hotline1", PASSWORD) == 302


def test_guessing_at_many_accounts_from_one_address_is_slowed_down(site: Site) -> None:
    """Given many failures from one address at different names, the address has to wait; another address does not."""
    client = site.visitor()
    for number in range(ADDRESS_FREE_FAILURES):
        try_to_sign_in(client, f"user{number}", "wrong")

    assert try_to_sign_in(client, "hotline1", PASSWORD) == 403
    elsewhere = site.visitor()
    elsewhere.environ_base["REMOTE_ADDR"] = "10.0.0.9"
    assert try_to_sign_in(elsewhere, "hotline1", PASSWORD) == 302


def test_a_session_ends_after_eight_idle_hours(site: Site) -> None:
    """Given eight idle hours, the next page asks to sign in; an inbox that only refreshes itself counts as idle."""
    client = site.as_("hotline1")
    site.wall_clock.present += timedelta(hours=7)
    assert client.get("/inbox").status_code == 200
    site.wall_clock.present += timedelta(hours=7)
    assert client.get("/inbox/list", headers={"HX-Request": "true"}).status_code == 200
    site.wall_clock.present += timedelta(hours=2)

    assert client.get("/inbox").status_code == 302


def test_a_session_ends_after_a_day_however_busy(site: Site) -> None:
    """Given work every hour, after 24 hours the person signs in again."""
    client = site.as_("hotline1")
    for _ in range(23):
        site.wall_clock.present += timedelta(hours=1)
        assert client.get("/inbox").status_code == 200
    site.wall_clock.present += timedelta(hours=1, minutes=1)

    assert client.get("/inbox").status_code == 302


def test_a_simulated_clock_does_not_end_sessions(site: Site) -> None:
    """Given the engine's clock jumps a week, people stay signed in."""
    client = site.as_("hotline1")
    site.clock.advance(timedelta(days=7))

    assert client.get("/inbox").status_code == 200


def test_signing_out_forgets_the_session(site: Site) -> None:
    """Given a sign-out, the old cookie opens nothing."""
    client = site.as_("hotline1")
    client.send("/logout")

    assert client.get("/inbox").status_code == 302


def test_changing_the_password_ends_the_other_sessions(site: Site) -> None:
    """Given two devices, changing the password on one signs the other out; the new password works."""
    here, there = site.visitor(), site.visitor()
    assert try_to_sign_in(here, "hotline1", PASSWORD) == 302
    assert try_to_sign_in(there, "hotline1", PASSWORD) == 302

    changed = here.send("/account/password", {"current": PASSWORD, "new": "zwei Löwen 77", "repeated": "zwei Löwen 77"})

    assert changed.status_code == 302
    assert here.get("/inbox").status_code == 200
    assert there.get("/inbox").status_code == 302
    assert try_to_sign_in(site.visitor(), "hotline1", "zwei Löwen 77") == 302


def test_a_change_needs_the_present_password_and_a_good_new_one(site: Site) -> None:
    """Given a wrong present password, different repetitions or a weak new one, nothing changes and the page says why."""
    client = site.as_("hotline1")
    for form, words in (
        ({"current": "x", "new": "zwei Löwen 77", "repeated": "zwei Löwen 77"}, "现在的密码不对"),
        ({"current": PASSWORD, "new": "zwei Löwen 77", "repeated": "drei Löwen 77"}, "两次输入的新密码不一样"),
        ({"current": PASSWORD, "new": "short", "repeated": "short"}, "至少 10 个字符"),
    ):
        answer = client.send("/account/password", form)
        assert answer.status_code == 400
        assert words in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "password", ["short", "x" * 129, "aaaaaaaaaaaa", "password2026", "1234567890", "hotline1-and-more", "我叫林晓雯今年三十"]
)
def test_weak_passwords_are_refused(password: str) -> None:
    """Given a short, endless, repetitive, common or personal password, it is refused with a reason in both languages."""
    with pytest.raises(InvalidInput) as refused:
        check_new_password(password, user_id="hotline1", name="林晓雯")
    assert refused.value.zh
    assert refused.value.en


def test_a_deactivated_person_is_out_at_once(site: Site) -> None:
    """Given an open session, deactivating the person ends it and the password no longer works."""
    client, admin = site.as_("hotline2"), site.as_("admin")
    assert client.get("/inbox").status_code == 200

    admin.send("/people/hotline2", {"name": "周敏", "group": "hotline"})  # the box “may sign in” is not ticked

    assert client.get("/inbox").status_code == 302
    assert try_to_sign_in(site.visitor(), "hotline2", PASSWORD) == 403


def test_a_new_installation_asks_for_its_first_administrator_once(site: Site) -> None:
    """Given no user, the sign-in page leads to the set-up page; afterwards that page does not exist any more."""
    with site.engine.database.transaction() as session:
        session.execute(delete(Membership))
        session.execute(delete(User))
    client = site.visitor()
    assert client.get("/login").headers["Location"] == "/setup"
    token = token_of(client.text("/setup"))
    weak = client.post("/setup", data={"csrf_token": token, "user": "boss", "name": "老板", "password": "1234567890"})
    assert weak.status_code == 400

    made = client.post("/setup", data={"csrf_token": token, "user": "boss", "name": "老板", "password": "zwei Löwen 77"})

    assert made.status_code == 302
    assert client.get("/people").status_code == 200
    assert site.visitor().get("/setup").status_code == 404


def test_demo_people_are_offered_only_in_a_demo(new_site: Callable[..., Site]) -> None:
    """Given demo mode, the sign-in page lists people to sign in as; otherwise it names nobody."""
    assert "林晓雯" in new_site(demo=True).visitor().text("/login")


def test_the_usual_sign_in_page_names_nobody(site: Site) -> None:
    """Given no demo mode, the sign-in page lists nobody."""
    assert "林晓雯" not in site.visitor().text("/login")


def test_the_language_stays_with_the_person(site: Site) -> None:
    """Given a switch to English, the next session of the person is English too."""
    site.as_("hotline1").send("/language/en")
    again = site.visitor()
    try_to_sign_in(again, "hotline1", PASSWORD)

    assert 'lang="en"' in again.text("/inbox")
    assert "My groups" in again.text("/inbox")

"""The administrator's pages for people."""

from tests.web.conftest import Site


def test_a_new_person_works_in_their_group_at_once(site: Site) -> None:
    """Given a new engineer in the group onsite, they sign in with the first password and see the group's tasks."""
    site.start()
    site.record()
    admin = site.as_("admin")
    weak = admin.send("/people", {"user": "engineer3", "name": "钱三", "password": "kurz", "group": "onsite"})
    assert weak.status_code == 400
    assert 'value="钱三"' in weak.get_data(as_text=True)

    made = admin.send("/people", {"user": "engineer3", "name": "钱三", "password": "ein Berg 2040", "group": "onsite"})

    assert made.status_code == 302
    assert "上门检查" in site.as_("engineer3").text("/inbox?tab=groups")


def test_names_that_are_taken_or_malformed_are_refused(site: Site) -> None:
    """Given a taken or malformed sign-in name, the form comes back with the reason."""
    admin = site.as_("admin")

    for user, words in (("hotline1", "已被使用"), ("a b", "登录名为"), ("<x>", "登录名为")):
        answer = admin.send("/people", {"user": user, "name": "某人", "password": "ein Berg 2040"})
        assert answer.status_code == 400
        assert words in answer.get_data(as_text=True)


def test_the_last_administrator_cannot_lock_everybody_out(site: Site) -> None:
    """Given one administrator, taking their group or their sign-in is refused; with a second one it works."""
    admin = site.as_("admin")

    assert admin.send("/people/admin", {"name": "系统管理员", "active": "on"}).status_code == 409
    assert admin.send("/people/admin", {"name": "系统管理员", "group": "opsbook-admin"}).status_code == 409
    admin.send("/people/owner", {"name": "沈怀瑾", "group": ["opsbook-owner", "opsbook-admin"], "active": "on"})
    assert admin.send("/people/admin", {"name": "系统管理员", "active": "on"}).status_code == 302


def test_resetting_a_password_keeps_the_rules_and_ends_sessions(site: Site) -> None:
    """Given an open session, a reset ends it; a weak password is refused."""
    admin, hotline = site.as_("admin"), site.as_("hotline1")
    assert hotline.get("/inbox").status_code == 200

    assert admin.send("/people/hotline1/password", {"password": "12345"}).status_code == 400
    assert admin.send("/people/hotline1/password", {"password": "ein Berg 2040"}).status_code == 302
    assert hotline.get("/inbox").status_code == 302


def test_the_list_is_searched_by_name_and_sign_in_name(site: Site) -> None:
    """Given a search, only those people are shown."""
    page = site.as_("admin").text("/people?q=周")

    assert "周敏" in page
    assert "赵建国" not in page

"""People, groups, passwords and permissions over the REST interface."""

from tests.rest.conftest import program
from tests.web.conftest import PASSWORD, Site


def test_people_and_groups(site: Site) -> None:
    """An administrator sees everybody, others themselves and their colleagues."""
    admin, hotline = program(site, "admin"), program(site, "hotline1")
    assert {row["id"] for row in admin.get("/user")} >= {"admin", "hotline1", "engineer1", "stranger"}
    assert [row["id"] for row in hotline.get("/user")] == ["hotline1", "hotline2"]
    assert hotline.get("/user/hotline2/profile")["firstName"] == "周敏"
    assert hotline.get("/user/engineer1/profile", status=404)["type"] == "InvalidRequestException"
    assert admin.get("/user/count", memberOfGroup="onsite") == {"count": 2}
    assert hotline.get("/group/hotline") == {"id": "hotline", "name": "热线工程师", "type": None}
    assert [row["id"] for row in admin.get("/group", member="parts1")] == ["parts"]
    assert admin.get("/group/nothing", status=404)


def test_the_groups_of_a_person(site: Site) -> None:
    """With the colleagues in them."""
    found = program(site, "hotline1").get("/identity/groups", userId="hotline1")
    assert [group["id"] for group in found["groups"]] == ["hotline"]
    assert found["groupUsers"] == [{"id": "hotline2", "firstName": "周敏", "lastName": None, "displayName": "周敏"}]
    assert program(site, "hotline1").get("/identity/groups", status=400)["message"]


def test_passwords_are_checked_and_guessing_is_slowed_down(site: Site) -> None:
    """The same guard as on the sign-in page: after some failures even the right password is refused for a while."""
    caller = program(site, "admin")
    right = {"username": "parts1", "password": PASSWORD}
    assert caller.post("/identity/verify", right) == {"authenticatedUser": "parts1", "authenticated": True}
    for _ in range(7):
        assert caller.post("/identity/verify", {**right, "password": "wrong"})["authenticated"] is False
    assert caller.post("/identity/verify", right)["authenticated"] is False


def test_permissions_follow_the_rules_of_the_pages(site: Site) -> None:
    """What the caller may do, on anything or on one thing."""

    def may(user: str, permission: str, resource: int, resource_id: str | None = None) -> bool:
        asked = {"permissionName": permission, "resourceName": "any", "resourceType": resource}
        found: bool = program(site, user).get("/authorization/check", **asked, **({"resourceId": resource_id} if resource_id else {}))[
            "authorized"
        ]
        return found

    task = site.start()
    assert may("admin", "UPDATE", 8)
    assert not may("hotline1", "UPDATE", 8)
    assert may("owner", "CREATE", 9)
    assert not may("hotline1", "CREATE", 9)
    assert may("hotline1", "READ", 7, task)
    assert not may("stranger", "READ", 7, task)
    assert may("auditor", "ACCESS", 0, "cockpit")
    assert not may("hotline1", "ACCESS", 0, "cockpit")
    assert program(site, "hotline1").get("/authorization/check", status=400)["message"]


def test_administrators_ask_for_the_permissions_of_others(site: Site) -> None:
    """Given somebody else's id, then an administrator is told what that person may do, and everybody else is refused."""
    asked = {"permissionName": "UPDATE", "resourceName": "ProcessInstance", "resourceType": 8}
    admin = program(site, "admin")
    assert admin.get("/authorization/check", **asked, userId="owner")["authorized"] is True
    assert admin.get("/authorization/check", **asked, userId="hotline1")["authorized"] is False
    assert admin.get("/authorization/check", **asked, userId="nobody")["authorized"] is False
    assert program(site, "hotline1").get("/authorization/check", **asked, userId="owner", status=403)["type"] == "InvalidRequestException"

"""What every answer carries and what is refused before any page looks at it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.storage.tables import SignInAddress
from tests.web.conftest import Site
from web.rest.tree import PREFIXES

WEB = Path(__file__).parents[2] / "web"


def test_pages_carry_a_strict_policy_and_the_usual_headers(site: Site) -> None:
    """Given any page, nothing inline or foreign may run, nobody may frame it, and nothing is cached."""
    headers = site.as_("hotline1").get("/inbox").headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"


def test_templates_hold_nothing_that_the_policy_would_block() -> None:
    """Given all templates, none has an inline script, style or event handler, or marks text as safe."""
    for template in WEB.rglob("templates/**/*.html"):
        text = template.read_text("utf-8")
        for tag in re.findall(r"<script\b[^>]*>", text):
            assert "src=" in tag or 'type="application/json"' in tag, template
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|\|\s*safe", text), template


def test_every_form_that_changes_something_carries_the_token() -> None:
    """Given all templates, each POST form has the CSRF field."""
    for template in WEB.rglob("templates/**/*.html"):
        for form in re.findall(r'<form[^>]*method="post".*?</form>', template.read_text("utf-8"), re.DOTALL):
            assert "csrf_token" in form or "csrf()" in form, (template, form[:120])


def test_changes_without_the_token_are_refused(site: Site) -> None:
    """Given a signed-in browser, every POST and PUT without the token answers 400 in words; a wrong token too."""
    client = site.as_("admin")
    for rule in site.app.url_map.iter_rules():
        if rule.rule.startswith(PREFIXES):
            continue  # no cookie counts there
        methods = (rule.methods or set()) & {"POST", "PUT", "DELETE"}
        path = re.sub(r"<[^>]+>", "x", rule.rule)
        for method in methods:
            bare = client.open(path, method=method, headers={"Accept": "application/json"})
            assert bare.status_code == 400, (path, bare.status_code)
            assert bare.get_json()["code"] == "OPS-102"
            forged = client.open(path, method=method, json={"data": {}}, headers={"X-CSRFToken": "forged"})
            assert forged.status_code == 400, path


def test_a_foreign_host_name_is_refused(site: Site) -> None:
    """Given a server on a loopback address, a request for another host name answers 400."""
    assert site.visitor().get("/login", headers={"Host": "evil.example"}).status_code == 400
    assert site.visitor().get("/login", headers={"Host": "127.0.0.1:8000"}).status_code == 200


def test_listed_hosts_are_served(new_site: Callable[..., Site]) -> None:
    """Given trusted hosts in the settings, exactly these are served."""
    site = new_site(trusted_hosts="ops.example.com", host="0.0.0.0")

    assert site.visitor().get("/login", headers={"Host": "ops.example.com"}).status_code == 200
    assert site.visitor().get("/login", headers={"Host": "localhost"}).status_code == 400


def test_https_makes_cookies_secure(new_site: Callable[..., Site]) -> None:
    """Given the setting https, cookies are marked Secure and browsers are told to remember it."""
    answer = new_site(https=True).visitor().get("/login", base_url="https://localhost")

    assert "Secure" in answer.headers["Set-Cookie"]
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Lax" in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" in answer.headers


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/dist/../../app.py", "/static/%2e%2e/app.py", "/static/dist/%2e%2e/%2e%2e/app.py"]
)
def test_no_file_outside_the_static_folder_is_served(site: Site, path: str) -> None:
    """Given a path that climbs out, the answer is 404."""
    assert site.visitor().get(path).status_code == 404


def test_a_huge_body_is_refused(site: Site) -> None:
    """Given a JSON body of 2 MB, the answer is 413 in words."""
    task_id = site.start()
    client = site.as_("hotline1")
    client.send(f"/tasks/{task_id}/claim")

    answer = client.send_json(f"/tasks/{task_id}/complete", {"fault": "x" * 2_000_000})

    assert answer.status_code == 413
    assert answer.get_json()["message"]["zh"]


def test_names_and_values_are_shown_as_text(site: Site) -> None:
    """Given markup as customer name, pages and island data show it as text."""
    task_id = site.start("</script><script>alert(1)</script>")
    page = site.as_("hotline1").text(f"/tasks/{task_id}")

    assert "<script>alert" not in page
    assert "\\u003cscript\\u003e" in page


def test_unknown_addresses_answer_in_the_callers_form(site: Site) -> None:
    """Given an unknown address, a browser gets a page, htmx a fragment, a program JSON."""
    client = site.as_("hotline1")

    assert "<html" in client.get("/nowhere").get_data(as_text=True)
    assert client.get("/nowhere", headers={"HX-Request": "true"}).get_data(as_text=True).startswith("<div")
    assert client.get("/nowhere", headers={"Accept": "application/json"}).get_json()["message"]["en"]
    assert client.get("/inbox", headers={"Accept": "application/json"}).status_code == 200


def test_strangers_get_401_as_programs_and_the_sign_in_page_as_browsers(site: Site) -> None:
    """Given nobody signed in, a fetch answers 401, htmx is sent to the sign-in page, a browser too."""
    stranger = site.visitor()

    assert stranger.get("/inbox", headers={"Accept": "application/json"}).status_code == 401
    assert stranger.get("/inbox/list", headers={"HX-Request": "true"}).headers["HX-Redirect"].startswith("/login")
    assert stranger.get("/inbox").status_code == 302


@pytest.mark.parametrize(("proxies", "counted"), [(1, "203.0.113.7"), (0, "127.0.0.1")])
def test_behind_a_proxy_guessing_is_counted_per_client(new_site: Callable[..., Site], proxies: int, counted: str) -> None:
    """Given one proxy, the address of a failed sign-in is the client's; without one the header is not believed."""
    site = new_site(proxies=proxies)
    client = site.visitor()
    token = client.text("/login").split('name="csrf-token" content="')[1].split('"', maxsplit=1)[0]

    client.post("/login", data={"user": "nobody", "password": "x", "csrf_token": token}, headers={"X-Forwarded-For": "203.0.113.7"})

    with site.engine.database.session() as session:
        assert session.scalars(select(SignInAddress.address)).all() == [counted]

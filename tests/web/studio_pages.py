"""What a modeler does with the studio's addresses."""

import json
from dataclasses import dataclass
from typing import Any

from tests.web.conftest import Client, Site

DIAGRAM = "site_visit/site_visit.bpmn"
FORM = "site_visit/f_visit.form"


@dataclass
class Editor:
    """An open editor page of one person."""

    client: Client
    props: dict[str, Any]

    def load(self) -> tuple[str, bytes]:
        """The content and its tag."""
        answer = self.client.get(self.props["contentUrl"])
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.headers["ETag"], answer.data

    def save(self, content: bytes, tag: str | None) -> Any:
        """Save a content that was made from the revision of the tag."""
        headers = {} if tag is None else {"If-Match": tag}
        return self.send("PUT", self.props["contentUrl"], content, **headers)

    def change(self, before: str, after: str) -> bytes:
        """Replace a text and save, as a person does who is alone."""
        tag, content = self.load()
        changed = content.decode().replace(before, after).encode()
        assert changed != content
        answer = self.save(changed, tag)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return changed

    def check(self, content: bytes | None = None) -> list[dict[str, Any]]:
        """The findings of a content, default the saved one."""
        answer = self.send("POST", self.props["checkUrl"], content or self.load()[1])
        assert answer.status_code == 200, answer.get_data(as_text=True)
        found: list[dict[str, Any]] = answer.get_json()["findings"]
        return found

    def send(self, method: str, address: str, content: bytes = b"", **headers: str) -> Any:
        """A request as the island makes it."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(
            address, method=method, data=content, headers={"X-CSRFToken": self.client.csrf(), "Accept": "application/json", **names}
        )

    def page(self) -> str:
        """The page, loaded again."""
        return self.client.text(f"/studio/edit/{self.props['kind']}/{self.props['key']}")


def open_editor(site: Site, user: str, key: str = DIAGRAM) -> Editor:
    """The editor page of a file."""
    client, kind = site.as_(user), key.rpartition(".")[2]
    page = client.text(f"/studio/edit/{kind}/{key}")
    return Editor(client, json.loads(page.split('id="studio-props">')[1].split("</script>")[0]))

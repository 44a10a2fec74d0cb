"""The versions of a file that can be looked at: the person's draft, what is live, what was live, and candidates."""

from dataclasses import dataclass

from flask import Response, make_response, url_for
from flask_babel import format_date, gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.storage.tables import Deployment, Resource
from engine.studio.drafts import content_of_draft
from engine.studio.live import content_of, version_of
from web.current import database
from web.studio.access import Opened, open_file, require_studio
from web.studio.content import MEDIA_TYPES
from web.studio.routes import blueprint

DRAFT, LIVE = "draft", "live"
#: Most earlier versions offered.
_MOST = 50


@dataclass(frozen=True)
class Version:
    """One version of a file."""

    ref: str  #: `draft`, or the id of the deployed file
    title: str


def versions_of(session: Session, opened: Opened) -> list[Version]:
    """All that can be compared, the newest first."""
    found = [Version(DRAFT, gettext("我的草稿"))] if opened.draft is not None else []
    rows = session.execute(
        select(Resource.id, Deployment.state, Deployment.deployed_at)
        .join(Deployment)
        .where(Resource.name == opened.key, Deployment.state.in_(("live", "candidate")))
        .order_by(Resource.deployment_id.desc())
        .limit(_MOST)
    )
    return found + [Version(row.id, _title(session, row.id, row.state, row.deployed_at)) for row in rows]


def version(session: Session, opened: Opened, ref: str) -> Version:
    """A version by its name in the address: `draft`, `live` or the id of a deployed file.

    Raises:
        NotFound: there is none.
    """
    if ref == LIVE and opened.live is not None:
        ref = opened.live.resource_id
    found = next((item for item in versions_of(session, opened) if item.ref == ref), None)
    if found is None:
        raise NotFound("没有这个版本。", "There is no such version.", version=ref)
    return found


def content_at(session: Session, opened: Opened, found: Version) -> bytes:
    """What the version says."""
    if found.ref == DRAFT and opened.draft is not None:
        return content_of_draft(session, opened.draft)
    return content_of(session, found.ref)


def address_of(opened: Opened, found: Version) -> str:
    """Where its content is fetched."""
    return url_for("studio.version_content", kind=opened.kind, key=opened.key, ref=found.ref)


@blueprint.get("/studio/version/<ref>/<kind>/<path:key>")
def version_content(ref: str, kind: str, key: str) -> Response:
    """The content of one version."""
    me = require_studio()
    with database().session() as session:
        opened = open_file(session, me, kind, key)
        answer = make_response(content_at(session, opened, version(session, opened, ref)))
    answer.mimetype = MEDIA_TYPES[kind]
    return answer


def _title(session: Session, resource_id: str, state: str, deployed_at: object) -> str:
    number, day = version_of(session, resource_id), format_date(deployed_at)
    if state == "candidate":
        return str(gettext("候选版本 · %(day)s", day=day))
    return str(gettext("第 %(number)s 版 · %(day)s", number=number or "?", day=day))

"""The page on which a file is edited: the modeler in its island, and around it what one should know."""

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext

from engine.studio.drafts import drafts_by_others
from engine.studio.folder import changed_files
from engine.studio.hindsights import diagram_for
from engine.studio.live import version_of
from engine.studio.together import live_package
from web.auth.person import OWNER
from web.current import database, engine
from web.directory import members, people_names
from web.language import locale
from web.studio.access import Opened, open_file, require_studio
from web.studio.library import title_of
from web.studio.routes import blueprint

ISLANDS = {"bpmn": "modeler", "dmn": "decision_editor", "form": "form_editor"}


@blueprint.get("/studio/edit/<kind>/<path:key>")
def edit(kind: str, key: str) -> str:
    """The modeler of a file."""
    me = require_studio()
    with database().session() as session:
        opened = open_file(session, me, kind, key)
        others = drafts_by_others(session, key, me.id)
        names = people_names(
            session, [*(draft.user_id for draft in others), *opened.owners, opened.live.deployed_by if opened.live else None]
        )
        candidates = members(session, OWNER) if me.is_admin else []
        in_folder = key in changed_files(engine(), session)
        base = opened.draft.base_resource_id if opened.draft is not None else opened.live.resource_id if opened.live is not None else None
        base_version = version_of(session, base) if base is not None else None
        title = title_of(session, engine(), opened.live, key)
        live = live_package(engine(), session)
        props = _props(opened, title, base_version) | {
            "user": me.id,
            "others": [
                {"user": draft.user_id, "name": names.get(draft.user_id, draft.user_id), "since": draft.begun_at.isoformat()}
                for draft in others
            ],
            "moduleLabels": {zh: str(en) for zh, en in live.english_of(key).items()},
        }
    return render_template(
        "studio/edit.html",
        opened=opened,
        title=title,
        others=others,
        names=names,
        owner_names=gettext("、").join(names.get(user, user) for user in opened.owners),
        island=ISLANDS[kind],
        props=props,
        candidates=candidates,
        in_folder=in_folder,
        tried_key=diagram_for(live, [key]),
        moved_on=opened.live is not None and base != opened.live.resource_id,
    )


def _props(opened: Opened, title: str, base_version: int | None) -> dict[str, Any]:
    where: dict[str, Any] = {"kind": opened.kind, "key": opened.key}
    base = opened.live.resource_id if opened.live is not None and opened.draft is None else None
    return {
        **where,
        "name": title,
        "contentUrl": url_for("studio.content", **where, base=base),
        "checkUrl": url_for("studio.check", **where),
        "choicesUrl": url_for("studio.choose", **where),
        "templatesUrl": url_for("studio.templates"),
        "historyUrl": url_for("studio.history", **where),
        "locale": locale(),
        "revision": opened.draft.revision if opened.draft is not None else 0,
        "readonly": not opened.may_edit,
        "baseVersion": base_version,
        "liveVersion": opened.live.version if opened.live is not None else None,
    }

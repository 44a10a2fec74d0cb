"""What is wrong with a file as it stands on the screen."""

from time import perf_counter
from typing import Any

from flask import Response, jsonify, request

from engine.studio.drafts import drafts_of
from engine.studio.findings import Finding, find, mend
from web.current import database, engine
from web.studio.access import open_file, require_studio
from web.studio.content import sent_content
from web.studio.routes import blueprint


@blueprint.post("/studio/check/<kind>/<path:key>")
def check(kind: str, key: str) -> Response:
    """The findings of the content that is sent, which need not be saved; with `fix`, the content with that finding mended."""
    me, begun = require_studio(), perf_counter()
    body = sent_content()
    with database().session() as session:
        open_file(session, me, kind, key)
        drafts = drafts_of(session, me.id)
        if fix := request.args.get("fix"):
            return jsonify(content=mend(engine(), session, key, body, drafts, fix).decode())
        findings = find(engine(), session, key, body, drafts)
    return jsonify(findings=[_shown(item) for item in findings], ms=round((perf_counter() - begun) * 1000))


def _shown(finding: Finding) -> dict[str, Any]:
    return {
        "elementId": finding.element_id,
        "fieldPath": finding.field_path,
        "severity": finding.severity,
        "code": finding.code,
        "message": finding.message,
        "advice": finding.advice,
        "fix": {"id": finding.fix.id, "label": finding.fix.label} if finding.fix is not None else None,
    }

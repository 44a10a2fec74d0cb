"""Files of a case: upload, download, small pictures. Nothing that was uploaded is ever run or shown as a page."""

from io import BytesIO
from urllib.parse import quote

from flask import Response, jsonify, make_response, redirect, request, url_for
from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import or_, select
from werkzeug.wrappers import Response as BaseResponse

from engine.errors import InvalidInput, NotFound
from engine.storage.contents import ContentStore
from engine.storage.tables import Attachment, ProcessInstance
from web.current import database, engine, person
from web.errors import wants_json
from web.permissions import visible_cases
from web.tasks import actions
from web.tasks.routes import blueprint

_KINDS = ("photo", "signature", "document", "file")
#: Types that a browser shows itself without running anything.
_INLINE = ("image/jpeg", "image/png", "image/webp", "application/pdf")
_THUMBNAIL = (320, 320)
_MAX_NAME = 200


@blueprint.post("/tasks/<task_id>/attachments")
def attach(task_id: str) -> BaseResponse | tuple[Response, int]:
    """Add a file to the case (field `file`, optionally `kind`)."""
    task = actions.visible(person(), task_id)
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise InvalidInput("没有收到文件。", "No file arrived.")
    kind = request.form.get("kind", "file")
    name = upload.filename.replace("\\", "/").rpartition("/")[2][-_MAX_NAME:]
    attachment_id = actions.attach(person(), task.id, name, upload.read(), kind if kind in _KINDS else "file")
    if not wants_json() and request.accept_mimetypes.accept_html:
        return redirect(url_for("tasks.show", task_id=task_id, _anchor="files"), 303)
    with database().session() as session:
        kept = session.get_one(Attachment, attachment_id)
    return jsonify(id=kept.id, name=kept.name, url=url_for("tasks.attachment", attachment_id=kept.id), content_type=kept.media_type), 201


@blueprint.get("/attachments/<attachment_id>")
def attachment(attachment_id: str) -> Response:
    """The file as it was uploaded; pictures and PDF in a sandbox, everything else as a download."""
    kept = _visible(attachment_id)
    inline = kept.media_type in _INLINE and "download" not in request.args
    answer = _file(ContentStore(engine().settings).get(kept.sha256), kept.media_type)
    answer.headers["Content-Disposition"] = f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(kept.name, safe='')}"
    return answer


@blueprint.get("/attachments/<attachment_id>/thumbnail")
def thumbnail(attachment_id: str) -> Response:
    """A small JPEG of a picture."""
    kept = _visible(attachment_id)
    try:
        with Image.open(BytesIO(ContentStore(engine().settings).get(kept.sha256)), formats=("JPEG", "PNG", "WEBP")) as picture:
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail(_THUMBNAIL)
            flat = Image.new("RGB", upright.size, "white")  # signatures are transparent
            flat.paste(upright, mask=upright.getchannel("A") if "A" in upright.getbands() else None)
    except UnidentifiedImageError:
        raise NotFound("这个文件没有缩略图。", "This file has no small picture.") from None
    out = BytesIO()
    flat.save(out, "JPEG", quality=80)
    answer = _file(out.getvalue(), "image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


def _visible(attachment_id: str) -> Attachment:
    """The attachment, if the person may see its case or brought it themselves."""
    me = person()
    with database().session() as session:
        found = session.scalar(
            select(Attachment)
            .outerjoin(ProcessInstance, ProcessInstance.id == Attachment.root_id)
            .where(Attachment.id == attachment_id, or_(visible_cases(me), Attachment.added_by == me.id))
        )
    if found is None:
        raise NotFound("没有这个文件，或者您无权查看。", "There is no such file, or you may not see it.")
    return found


def _file(content: bytes, media_type: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = media_type
    answer.headers["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; sandbox; frame-ancestors 'none'"
    return answer

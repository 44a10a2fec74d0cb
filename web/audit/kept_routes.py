"""Saving searches, drawing samples and showing them again."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from engine.history.readings import note_reading
from engine.storage.tables import CaseSample, ProcessInstance
from web.audit import evidence, kept
from web.audit.finding import cases
from web.audit.routes import blueprint, reader, require_reader, shown_cases
from web.audit.search import Search
from web.audit.words import in_words
from web.current import database, now, person
from web.directory import people_names
from web.exports.routes import download
from web.master_data.access import require_auditor

#: The way of reading that is a sample; see HistoryReading.
SAMPLE = "sample"

#: Samples that the list shows.
_NEWEST = 100


@blueprint.post("/searches")
def save() -> Response:
    """Keep a search under a name."""
    require_reader()
    search = Search.read(request.form)
    kept.save_search(database(), person().id, request.form.get("name", ""), search, now())
    flash(gettext("已保存。"), "good")
    return redirect(url_for("audit.find_cases", **search.asked()))


@blueprint.get("/searches/<search_id>")
def open_search(search_id: str) -> Response:
    """The address by which a saved search is shared."""
    require_reader()
    with database().session() as session:
        return redirect(url_for("audit.find_cases", **kept.saved_search(session, search_id).asked))


@blueprint.post("/searches/<search_id>/name")
def rename(search_id: str) -> Response:
    """Give one's own search another name."""
    require_reader()
    kept.rename_search(database(), person().id, search_id, request.form.get("name", ""))
    return redirect(url_for("audit.open_search", search_id=search_id))


@blueprint.post("/searches/<search_id>/delete")
def delete(search_id: str) -> Response:
    """Keep one's own search no longer."""
    require_reader()
    kept.delete_search(database(), person().id, search_id)
    flash(gettext("已删除。"), "good")
    return redirect(url_for("audit.find_cases"))


@blueprint.get("/samples")
def samples() -> str:
    """The newest samples of everybody."""
    require_reader()
    with database().session() as session:
        found = session.scalars(select(CaseSample).order_by(CaseSample.drawn_at.desc(), CaseSample.id.desc()).limit(_NEWEST)).all()
        names = people_names(session, (item.drawn_by for item in found))
        asked = {item.id: in_words(session, Search.of(item.asked)) for item in found}
    return render_template("audit/samples.html", found=found, names=names, asked=asked)


@blueprint.post("/samples")
def draw() -> Response:
    """Draw a sample of what a search finds."""
    require_reader()
    size, seed = request.form.get("size", 0, type=int), request.form.get("seed", "")
    sample_id = kept.draw_sample(database(), reader(), Search.read(request.form), size, seed)
    return redirect(url_for("audit.show_sample", sample_id=sample_id))


@blueprint.get("/samples/<sample_id>")
def show_sample(sample_id: str) -> str:
    """A sample exactly as it was drawn."""
    require_reader()
    with database().session() as session:
        sample = kept.sample(session, sample_id)
        note_reading(database(), now(), person().id, SAMPLE, root_id=None, cases=len(sample.root_ids), sample=sample.id)
        search, found = Search.of(sample.asked), cases(session, sample.root_ids)
        view = {
            **shown_cases(session, found),
            "chips": evidence.chips(session, search, now(), sample.root_ids),
            "names": people_names(session, [sample.drawn_by]),
            "asked": in_words(session, search),
        }
    return render_template("audit/sample.html", sample=sample, search=search, found=found, **view)


@blueprint.get("/samples/<sample_id>/export")
def export_sample(sample_id: str) -> Response:
    """The cases of a sample as a file; `form` is the format."""
    require_auditor()
    with database().session() as session:
        sample = kept.sample(session, sample_id)
    return download(None, [ProcessInstance.id.in_(sample.root_ids)], {"sample": sample.id})

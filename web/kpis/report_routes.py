"""The report of a month to take along."""

from werkzeug.wrappers import Response

from engine.errors import NotFound
from engine.history.readings import REPORT, note_reading
from handlers.master_data.sheets.writing import EXCEL
from handlers.reports.months import Month
from handlers.reports.pdf import draw_report
from handlers.reports.report import make_report
from handlers.reports.workbook import write_workbook
from web.current import database, engine, now, person
from web.kpis import shown
from web.kpis.asked import limited_to
from web.kpis.routes import blueprint


@blueprint.get("/report/<month>.<form>")
def report(month: str, form: str) -> Response:
    """The report as `pdf` or `xlsx`, in the reader's language; that its cases are taken along is written down first."""
    if form not in ("pdf", "xlsx"):
        raise NotFound("没有这种格式。", "There is no such format.")
    with database().session() as session:
        office = limited_to(session, person())
    made = make_report(engine(), Month.read(month), shown.language(), office=office, with_cases=form == "xlsx")
    listed = {seen.about for seen in made.breaches}.union(*({seen.about for seen in found} for found in made.cases.values()))
    note_reading(database(), now(), person().id, REPORT, root_id=None, cases=len(listed), month=month, form=form)
    content = draw_report(made) if form == "pdf" else write_workbook(made)
    response = Response(content, content_type="application/pdf" if form == "pdf" else EXCEL)
    response.headers["Content-Disposition"] = f'attachment; filename="opsbook-{made.month}.{form}"'
    response.headers["Cache-Control"] = "no-store"
    return response

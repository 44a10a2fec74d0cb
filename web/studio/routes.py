"""流程: the library of processes, decision tables and forms."""

from flask import Blueprint, render_template

from web.current import database, engine
from web.directory import people_names
from web.studio.access import require_studio
from web.studio.library import STATES, Wanted, library

blueprint = Blueprint("studio", __name__, template_folder="templates")


@blueprint.get("/studio")
def index() -> str:
    """Every process, decision table and form, live or drafted."""
    me, wanted = require_studio(), Wanted.from_request()
    with database().session() as session:
        found = library(engine(), session, me, wanted)
        people = [user for entry in found.entries for user in (*entry.owners, *entry.others, entry.changed_by)]
        names = people_names(session, people)
    return render_template("studio/index.html", found=found, wanted=wanted, names=names, states=STATES)

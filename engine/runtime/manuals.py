"""The manuals and the procedures that keep to them: of files that are to be deployed, and of what is live."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.diagrams.reader import read_diagram
from engine.dmn import read_dmn
from engine.errors import Problem
from engine.manuals.catalogue import CLAUSES, MANUALS, Catalogue, read_catalogue
from engine.manuals.deviations import Deviation, compare_figures
from engine.manuals.parameters import PARAMETERS, Parameter, read_parameters
from engine.manuals.procedures import Procedures
from engine.runtime.package import Package
from engine.runtime.parameters import current_parameters, newest_changes
from engine.storage.tables import DecisionDefinition, Deployment, FormDefinition, ProcessDefinition, Resource


@dataclass(frozen=True)
class Manuals:
    """The clauses, and what keeps to them."""

    catalogue: Catalogue
    procedures: Procedures


def manuals_of(package: Package, session: Session, *, as_set: bool = False) -> Manuals:
    """The manuals and procedures of files; what they lack of manuals and parameters is taken from what is deployed.

    Args:
        package: the files, read.
        session: to read what is deployed.
        as_set: whether parameters count as the office has set them, and not as the file gives them.
    """
    files = _deployed_files(session) | {name: package.files[name] for name in (CLAUSES, MANUALS, PARAMETERS) if name in package.files}
    parameters = read_parameters(files.get(PARAMETERS, b"{}"))
    if as_set:
        parameters = _as_set(parameters, session)
    procedures = Procedures(package.processes, package.forms.values(), package.models.values(), parameters)
    return Manuals(read_catalogue(files.get(CLAUSES, b""), files.get(MANUALS, b"")), procedures)


def live_manuals(session: Session) -> Manuals:
    """The manuals and procedures that run now, with the parameters as they hold now."""
    files = _deployed_files(session)
    processes, decisions, forms = ProcessDefinition, DecisionDefinition, FormDefinition
    diagrams = session.execute(
        select(processes.key, Resource.content).join(Resource, Resource.id == processes.resource_id).where(processes.state == "live")
    )
    newest_decisions = select(decisions.key, func.max(decisions.version).label("version")).group_by(decisions.key).subquery()
    models = session.scalars(
        select(Resource.content)
        .join(decisions, Resource.id == decisions.resource_id)
        .join(newest_decisions, (newest_decisions.c.key == decisions.key) & (newest_decisions.c.version == decisions.version))
    )
    newest_forms = select(forms.key, func.max(forms.version).label("version")).group_by(forms.key).subquery()
    schemas = session.scalars(
        select(forms.form_schema).join(newest_forms, (newest_forms.c.key == forms.key) & (newest_forms.c.version == forms.version))
    )
    procedures = Procedures(
        [process for key, content in diagrams for process in read_diagram(content).processes if process.id == key],
        schemas,
        [read_dmn(content) for content in models],
        current_parameters(session),
    )
    return Manuals(read_catalogue(files.get(CLAUSES, b""), files.get(MANUALS, b"")), procedures)


def check_figures(package: Package, session: Session) -> list[Problem]:
    """A warning for every figure of the files that departs from its clause."""
    manuals = manuals_of(package, session)
    files = {process.id: name for name, diagram in package.diagrams.items() for process in diagram.processes}
    files |= {key: name for name, model in package.models.items() for key, _ in model.decisions}
    files |= {str(form["id"]): name for name, form in package.forms.items()}
    figures = compare_figures(manuals.catalogue, manuals.procedures)
    return [_problem(deviation, manuals.procedures, files) for deviation in figures.deviations]


def _problem(deviation: Deviation, procedures: Procedures, files: Mapping[str, str]) -> Problem:
    place, found = deviation.place, "、".join(deviation.found)
    spot = place.spots[0] if place.kind == "element" else None
    element = procedures.processes[spot.process].elements[spot.element] if spot else None
    return Problem(
        "figure-deviates",
        f"条款 {deviation.reference.clause} 的 {deviation.reference.figure} 是 {deviation.demanded}，这里是 {found or '空'}。",
        f"Clause {deviation.reference.clause} states {deviation.demanded} ({deviation.reference.figure}); here it is {found or 'nothing'}.",
        files.get(spot.process if spot else place.owner, PARAMETERS),
        element.id if element else place.part or place.owner,
        element.name if element else place.label,
        element.line if element else 0,
        "warning",
    )


def _as_set(parameters: Mapping[str, Parameter], session: Session) -> dict[str, Parameter]:
    current = current_parameters(session)
    set_otherwise = {change.name for change in newest_changes(session) if not change.restored}
    return {
        name: replace(parameter, value=current[name].value) if name in set_otherwise and name in current else parameter
        for name, parameter in parameters.items()
    }


def _deployed_files(session: Session) -> dict[str, bytes]:
    """The newest live versions of the files about the manuals."""
    rows = session.execute(
        select(Resource.name, Resource.content)
        .join(Deployment)
        .where(Resource.name.in_((CLAUSES, MANUALS, PARAMETERS)), Deployment.state == "live")
        .order_by(Deployment.id)
    )
    return {row.name: row.content for row in rows}

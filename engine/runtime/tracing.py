"""Keeps the traces from which process mining computes its maps."""

from collections.abc import Mapping

from engine.history.mining import traces
from engine.runtime.catalog import Catalog
from engine.runtime.engine import Engine


def keep_traces(engine: Engine, process_key: str | None = None) -> int:
    """Fold the cases (of one process, or all) of which more has happened since; returns how many there were."""

    def hosts(definition_id: str) -> Mapping[str, str]:
        with engine.database.session() as session:
            elements = Catalog(session, engine.cache).process(definition_id).spec.process.elements
        return {element.id: element.attached_to for element in elements.values() if element.attached_to}

    return traces.bring_up_to_date(engine.database, hosts, process_key)

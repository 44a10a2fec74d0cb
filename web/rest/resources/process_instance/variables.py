"""The variables of a running instance."""

from sqlalchemy.orm import Session

from engine.runtime.state import variables_of
from web.current import person
from web.rest.resources.process_instance.shape import find_running
from web.rest.variable_calls import Holder, Variables


def _find(session: Session, instance_id: str) -> Variables:
    found = find_running(session, person(), instance_id)
    return Variables(variables_of(found.runtime_state), found.root_id, found.id)


Holder("/process-instance/{holder_id}/variables", "process-instance", "variable", "of an instance", _find).declare()

"""Names that a form field may not have: FEEL would take them for something else."""

import re

from engine.feel import function_names

_KEYWORDS = "and between else every external false for function if in instance not null of or return satisfies some then true"
_CONTEXT = (
    "parameters business_key instance_id initiator completed_by this parent i _this_ _parent_ _i_ "
    "loopCounter nrOfInstances nrOfCompletedInstances nrOfActiveInstances end_event"
)
RESERVED = frozenset(f"{_KEYWORDS} {_CONTEXT}".split()) | function_names()

_NAME = re.compile(r"[^\W\d]\w*")


def is_name(text: str) -> bool:
    """Whether FEEL reads the text as one plain name: letters of any script, digits and underscores."""
    return _NAME.fullmatch(text) is not None

"""Names that a form field may not have: FEEL would take them for something else."""

import re

_KEYWORDS = "and between else every external false for function if in instance not null of or return satisfies some then true"
_BUILTINS = (
    "abs after all any append before ceiling coincides concatenate contains context count date decimal duration even exp finishes flatten floor "
    "includes is list log matches max mean median meets min mode modulo now number odd overlaps partition product range remove replace reverse "
    "sort split sqrt starts stddev string sublist substring sum time today trim union uuid week weekday"
)
_CONTEXT = (
    "parameters business_key instance_id initiator completed_by this parent i _this_ _parent_ _i_ item partial "
    "loopCounter nrOfInstances nrOfCompletedInstances nrOfActiveInstances end_event"
)
RESERVED = frozenset(f"{_KEYWORDS} {_BUILTINS} {_CONTEXT}".split())

_NAME = re.compile(r"[^\W\d]\w*")


def is_name(text: str) -> bool:
    """Whether FEEL reads the text as one plain name: letters of any script, digits and underscores."""
    return _NAME.fullmatch(text) is not None

"""Where an improvement comes from, as forms offer it; items of cases carry the number of what they come from."""

#: As the forms of the meeting offer them.
SOURCES = (
    "callback",
    "survey",
    "complaint",
    "head_log",
    "quality",
    "emergency",
    "project",
    "expectation",
    "committee",
    "staff_survey",
    "staff",
    "other",
)
#: How the numbers begin that items carry as their source, and what procedures call theirs.
_BEGINNINGS = {"survey": "survey", "TS": "complaint", "ZL": "quality", "YJ": "emergency", "after_action": "project", "field": "project"}


def kind_of(source: str) -> str:
    """One of SOURCES."""
    name = source.partition(":")[0]
    if name in SOURCES:
        return name
    return next((kind for beginning, kind in _BEGINNINGS.items() if name.startswith(beginning)), "other")

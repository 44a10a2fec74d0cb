"""Forms: checks a form-js schema at deployment, and every submitted form by the same rules as the browser."""

from engine.forms.check import check_schema
from engine.forms.initial import initial_values, referenced_values
from engine.forms.submission import submit

__all__ = ["check_schema", "initial_values", "referenced_values", "submit"]

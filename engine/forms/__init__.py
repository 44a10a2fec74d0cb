"""Forms: checks a form-js schema at deployment, and every submitted form by the same rules as the browser."""

from engine.forms.check import check_schema
from engine.forms.initial import initial_values, referenced_values
from engine.forms.submission import submit
from engine.forms.twins import Twins, in_english

__all__ = ["Twins", "check_schema", "in_english", "initial_values", "referenced_values", "submit"]

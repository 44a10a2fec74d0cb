"""How a form is referred to."""

from web.rest.types import Dto


class FormRef(Dto):
    """Which form a task or a start event shows."""

    key: str
    binding: str
    version: int | None = None


class FormDto(Dto):
    """Where the form of a task or of a start event is."""

    key: str | None = None
    camunda_form_ref: FormRef | None = None
    context_path: str | None = None

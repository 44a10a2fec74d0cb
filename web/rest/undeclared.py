"""What staff may set: the variables that a form declares; nothing is dropped in silence."""

from collections.abc import Collection

from engine.errors import Forbidden


def refuse_undeclared(given: Collection[str], declared: Collection[str]) -> None:
    """Say it when a variable would be dropped, because the form does not declare it.

    Raises:
        Forbidden: names the variables.
    """
    others = sorted(set(given) - set(declared))
    if others:
        raise Forbidden(
            f"表单里没有这些变量，您无权设置：{'、'.join(others)}。",
            f"The form does not declare these variables, so you may not set them: {', '.join(others)}",
            permissionName="UPDATE_VARIABLE",
            resourceName="ProcessInstance",
        )

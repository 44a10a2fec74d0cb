"""Words of the tests of compensation."""

from tests.engine.conftest import Play


def complete_each(play: Play, *elements: str) -> None:
    """Complete user tasks one after the other."""
    for element in elements:
        play.complete(element)


def noted(handler: str, what: str) -> str:
    """A compensation activity that adds a value to the list `undone`."""
    return (
        f'<scriptTask id="{handler}" isForCompensation="true" scriptFormat="feel" camunda:resultVariable="undone">'
        f"<script>append(undone, {what})</script></scriptTask>"
    )

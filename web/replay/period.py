"""Which finished cases somebody wants to have verified."""

from datetime import date

from werkzeug.datastructures import MultiDict

from engine.errors import InvalidInput
from engine.runtime.replaying import Wanted


def asked(form: MultiDict[str, str]) -> Wanted:
    """As the form says it.

    Raises:
        InvalidInput: a day is none, or the last is before the first.
    """
    wanted = Wanted(form.get("process") or None, _day(form.get("since")), _day(form.get("until")))
    if wanted.since and wanted.until and wanted.until < wanted.since:
        raise InvalidInput("“到”不能早于“从”。", "The last day is before the first.")
    return wanted


def told(wanted: Wanted) -> dict[str, str]:
    """For the record: what was not asked for is not there."""
    asked_for = {"process": wanted.process_key, "since": wanted.since, "until": wanted.until}
    return {name: str(value) for name, value in asked_for.items() if value}


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput(f"“{text}”不是日期。", f"“{text}” is no date.") from None

"""Working time and shares as people read them."""

from flask_babel import gettext, ngettext


def worked_text(seconds: float | None) -> str:
    """Working time in its largest unit; hours are not made days, since a working day has no fixed length. A dash without any."""
    if seconds is None:
        return "—"
    if seconds < 60:
        return str(gettext("%(number)s 秒", number=round(seconds)))
    if seconds < 3600:
        return str(gettext("%(number)s 分钟", number=round(seconds / 60)))
    hours = seconds / 3600
    return str(gettext("%(number)s 小时", number=f"{hours:.1f}".removesuffix(".0") if hours < 10 else f"{hours:.0f}"))


def share_text(part: float, whole: float) -> str:
    """A percentage; a dash of nothing."""
    return f"{part / whole:.0%}" if whole else "—"


def times_text(fewest: int, most: int) -> str:
    """How often a step was done, when it was more than once: `×2`, `×1–3`."""
    if most == 1:
        return ""
    return f"×{most}" if fewest == most else f"×{fewest}–{most}"


def cases_text(count: int) -> str:
    """How many cases."""
    return str(ngettext("%(num)d 个案例", "%(num)d 个案例", count))

"""A search in words."""

from flask_babel import format_date, gettext
from sqlalchemy.orm import Session

from web.audit import paths
from web.audit.search import Search


def deviation_names() -> dict[str, str]:
    """What people call each kind of deviation, in the order in which they are offered."""
    return {
        "sent_back": gettext("退回重做"),
        "skipped": gettext("跳过节点"),
        "moved": gettext("移动过节点"),
        "migrated": gettext("迁移过版本"),
        "edited": gettext("手工改过资料"),
        "handed_over": gettext("转办或代办"),
        "incident": gettext("出过异常"),
    }


def state_names() -> dict[str, str]:
    """What people call the states of a case."""
    return {
        "active": gettext("进行中"),
        "suspended": gettext("已挂起"),
        "completed": gettext("已完成"),
        "cancelled": gettext("已取消"),
        "failed": gettext("异常结束"),
    }


def in_words(session: Session, search: Search) -> list[tuple[str, str]]:
    """Each condition of a search: its name and what is asked for."""
    kinds, and_then = deviation_names(), gettext("、")
    places = place_names(session, search)
    words = {
        gettext("流程"): _process(session, search),
        gettext("状态"): state_names().get(search.state, ""),
        gettext("客户"): search.customer,
        gettext("设备"): search.device,
        gettext("谁办理过"): search.person,
        gettext("开始"): _days(search.since, search.until),
        gettext("结束"): _days(search.ended_since, search.ended_until),
        gettext("发生过什么"): and_then.join(
            [*([gettext("超过期限")] if search.late else []), *(kinds[kind] for kind in search.deviations if kind in kinds)]
        ),
        gettext("必须经过"): and_then.join(places[place] for place in search.through),
        gettext("没有经过"): and_then.join(places[place] for place in search.without),
        gettext("文字"): search.text,
    }
    return [(name, text) for name, text in words.items() if text]


def place_names(session: Session, search: Search) -> dict[str, str]:
    """What people call the elements and flows of a search's path; the newest version that has them says."""
    asked = (*search.through, *search.without)
    names = {place: place for place in asked}
    for drawn in reversed(paths.versions(session, search.process) if asked else []):
        own = [place for place in asked if place in drawn.process.elements or place in drawn.process.flows]
        names |= paths.titles(drawn, own)
    return names


def _process(session: Session, search: Search) -> str:
    if not search.process:
        return ""
    versions = paths.versions(session, search.process)
    drawn = next((version for version in versions if version.version == search.version), versions[0] if versions else None)
    title = drawn.title if drawn else search.process
    return f"{title} v{search.version}" if search.version else title


def _days(first: object, last: object) -> str:
    return f"{format_date(first, 'y-MM-dd') if first else '…'} – {format_date(last, 'y-MM-dd') if last else '…'}" if first or last else ""

"""Who may see and change which master data; what is refused of customers' data is logged like what is shown."""

from engine.errors import Forbidden, NotFound
from handlers.master_data.description import Kind
from handlers.master_data.kinds import KINDS
from handlers.master_data.looks import note_refusal
from web.auth.person import Person
from web.current import engine, person


def may_read(me: Person, kind: Kind) -> bool:
    """Whether the person's work needs these data."""
    return me.sees_everything or bool(me.groups & kind.readers)


def may_edit(me: Person, kind: Kind) -> bool:
    """Whether the person keeps these data."""
    return me.is_admin or bool(me.groups & kind.editors)


def may_audit(me: Person) -> bool:
    """Whether the person reads who changed and who looked."""
    return me.is_auditor or me.is_admin


def readable(name: str) -> Kind:
    """The kind, if the person at hand may read it.

    Raises:
        NotFound: there is none.
        Forbidden: it is not for them.
    """
    kind = KINDS.get(name)
    if kind is None:
        raise NotFound("没有这类资料。", "There are no such data.")
    me = person()
    if not may_read(me, kind):
        note_refusal(engine(), kind, me.id)
        raise Forbidden(f"“{kind.zh}”资料只给工作需要的岗位查看。", f"“{kind.en}” is only for posts whose work needs it.")
    return kind


def editable(name: str) -> Kind:
    """The kind, if the person at hand may change it.

    Raises:
        NotFound: there is none.
        Forbidden: they may not even read it, or only read.
    """
    kind = readable(name)
    if not may_edit(person(), kind):
        raise Forbidden(f"您可以查看“{kind.zh}”，但不能修改。", f"You may read “{kind.en}” but not change it.")
    return kind


def creatable(name: str) -> Kind:
    """The kind, if the person at hand may add to it.

    Raises:
        NotFound: there is none, or its records are not made on pages.
        Forbidden: they may not change it.
    """
    kind = editable(name)
    if not kind.creatable:
        raise NotFound(f"“{kind.zh}”不在这里新增。", f"“{kind.en}” are not added here.")
    return kind


def require_auditor() -> None:
    """Let only auditors and administrators pass.

    Raises:
        NotFound: for everybody else, because the page is none of theirs.
    """
    if not may_audit(person()):
        raise NotFound("没有这个页面，或者您无权查看。", "There is no such page, or you may not see it.")

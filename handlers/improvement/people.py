"""Who works here: whom a measure can be given to, and who is asked as an internal customer."""

from sqlalchemy import select

from engine.runtime.handlers import JobContext, handler
from engine.storage.tables.people import Membership, User
from handlers.fields import Line, Option, Request, Result

_STAFF = "staff"


def people_options(ctx: JobContext) -> list[Option]:
    """Everybody of the staff, as choices of a form."""
    return [Option(label=name, label_en=name, value=user_id) for user_id, name in staff(ctx)]


def staff(ctx: JobContext) -> list[tuple[str, str]]:
    """Sign-in name and name of the active members of the staff."""
    members = select(User.id, User.name).join(Membership, Membership.user_id == User.id)
    return [(row.id, row.name) for row in ctx.session.execute(members.where(User.active, Membership.group_id == _STAFF).order_by(User.id))]


class ListStaff(Request):
    """Nothing to say."""


class Employed(Line):
    """One person."""

    user_id: str
    name: str


class StaffListed(Result):
    """Everybody, and the same as choices."""

    employees: list[Employed]
    people_options: list[Option]


@handler("improvement.list_staff", title="列员工名单", title_en="List the staff")
def list_staff(ctx: JobContext, _request: ListStaff) -> StaffListed:
    """The active members of the staff."""
    return StaffListed(employees=[Employed(user_id=user_id, name=name) for user_id, name in staff(ctx)], people_options=people_options(ctx))

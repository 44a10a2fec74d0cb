"""People and groups, and checking a password."""

from typing import Any

from sqlalchemy import exists, false, or_, select, true

from engine.errors import Forbidden, NotFound
from engine.storage.tables import Group, Membership, User
from web.auth import sessions
from web.auth.person import Person
from web.auth.sign_in import sign_in
from web.current import database, person
from web.rest.errors import Refused
from web.rest.listing import Filter, Listing
from web.rest.operation import operation
from web.rest.types import Dto, TextList


class UserDto(Dto):
    """A person who signs in. There is one name, which Camunda has as first and last name."""

    id: str
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None


class GroupDto(Dto):
    """A role."""

    id: str
    name: str
    type: str | None = None


class BasicUserDto(Dto):
    """A colleague."""

    id: str
    first_name: str | None = None
    last_name: str | None = None
    display_name: str


class GroupInfoDto(Dto):
    """The groups of a person, and who is in them."""

    groups: list[GroupDto]
    group_users: list[BasicUserDto]


class PasswordDto(Dto):
    """A name and a password."""

    username: str
    password: str


class VerifiedDto(Dto):
    """Whether they belong together."""

    authenticated_user: str
    authenticated: bool


def _member_of(group: str) -> Any:
    return exists(select(Membership.user_id).where(Membership.user_id == User.id, Membership.group_id == group))


def _has_member(user: str) -> Any:
    return exists(select(Membership.user_id).where(Membership.group_id == Group.id, Membership.user_id == user))


def _people(me: Person) -> Any:
    """Everybody for administrators; for others themselves and those who share a group with them."""
    colleagues = select(Membership.user_id).where(Membership.group_id.in_(me.groups))
    return select(User).where(User.active, or_(true() if me.sees_everything else false(), User.id == me.id, User.id.in_(colleagues)))


Listing(
    path="/user",
    tag="user",
    item=UserDto,
    about="people",
    select=_people,
    show=lambda _session, rows, _asked: [_user(row.User) for row in rows],
    filters=(
        Filter("id", str, lambda value: User.id == value),
        Filter("idIn", TextList, User.id.in_),
        Filter("firstName", str, lambda value: User.name == value),
        Filter("firstNameLike", str, User.name.like),
        Filter("lastName", str, lambda _: false()),
        Filter("lastNameLike", str, lambda _: false()),
        Filter("email", str, lambda value: User.email == value),
        Filter("emailLike", str, User.email.like),
        Filter("memberOfGroup", str, _member_of),
        Filter("potentialStarter", str, lambda _: false()),
        Filter("memberOfTenant", str, lambda _: false()),
    ),
    sorts={"userId": User.id, "firstName": User.name, "lastName": User.name, "email": User.email},
    order=(User.id,),
).declare()

Listing(
    path="/group",
    tag="group",
    item=GroupDto,
    about="groups",
    select=lambda _me: select(Group),
    show=lambda _session, rows, _asked: [_group(row.Group) for row in rows],
    filters=(
        Filter("id", str, lambda value: Group.id == value),
        Filter("idIn", TextList, Group.id.in_),
        Filter("name", str, lambda value: Group.name == value),
        Filter("nameLike", str, Group.name.like),
        Filter("type", str, lambda _: false()),
        Filter("member", str, _has_member),
        Filter("memberOfTenant", str, lambda _: false()),
    ),
    sorts={"id": Group.id, "name": Group.name, "type": Group.id},
    order=(Group.id,),
).declare()


@operation("GET", "/user/{user_id}/profile", tag="user")
def profile(user_id: str) -> UserDto:
    """One person."""
    with database().session() as session:
        found = session.scalar(_people(person()).where(User.id == user_id))
    if found is None:
        raise NotFound(f"没有用户 {user_id}。", f"User with id {user_id} does not exist", id=user_id)
    return _user(found)


@operation("GET", "/group/{group_id}", tag="group")
def group(group_id: str) -> GroupDto:
    """One group."""
    with database().session() as session:
        found = session.get(Group, group_id)
    if found is None:
        raise NotFound(f"没有组 {group_id}。", f"Group with id {group_id} does not exist", id=group_id)
    return _group(found)


@operation("GET", "/identity/groups", tag="identity")
def groups(user_id: str | None = None) -> GroupInfoDto:
    """The groups of a person, and the people in them, as far as the caller may see them."""
    if not user_id:
        raise Refused(400, "InvalidRequestException", "没有给出 userId。", "No user id was supplied")
    me = person()
    with database().session() as session:
        found = list(session.scalars(select(Group).where(_has_member(user_id)).order_by(Group.id)))
        ids = [item.id for item in found]
        shared = exists(select(Membership.user_id).where(Membership.user_id == User.id, Membership.group_id.in_(ids)))
        colleagues = list(session.scalars(_people(me).where(shared, User.id != user_id).order_by(User.id)))
    return GroupInfoDto(
        groups=[_group(item) for item in found],
        group_users=[BasicUserDto(id=item.id, first_name=item.name, display_name=item.name) for item in colleagues],
    )


@operation("POST", "/identity/verify", tag="identity", scope="read", changes=False)
def verify(body: PasswordDto) -> VerifiedDto:
    """Whether a name and a password belong together; guessing is slowed down as on the sign-in page."""
    try:
        sign_in(database(), body.username, body.password, address=_ADDRESS, now=sessions.wall_now())
    except Forbidden:
        return VerifiedDto(authenticated_user=body.username, authenticated=False)
    return VerifiedDto(authenticated_user=body.username, authenticated=True)


#: Guesses by way of this call count together, wherever they come from.
_ADDRESS = "identity/verify"


def _user(found: User) -> UserDto:
    return UserDto(id=found.id, first_name=found.name, email=found.email)


def _group(found: Group) -> GroupDto:
    return GroupDto(id=found.id, name=found.name)

"""Checking a name and password, with a limit on guessing per account and per network address."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from engine.errors import Forbidden
from engine.storage.database import Database
from engine.storage.tables import SignInAddress, User
from web.auth.passwords import hash_password, needs_rehash, verify_password

#: Failures that are free; each further one doubles the wait.
FREE_FAILURES = 5
ADDRESS_FREE_FAILURES = 30  # a whole office signs in from one address
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)


def sign_in(database: Database, user_id: str, password: str, *, address: str, now: datetime) -> str:
    """The id of the user whom name and password belong to.

    Args:
        database: where users and failures are kept.
        user_id: the sign-in name as typed.
        password: as typed.
        address: network address of the client.
        now: the wall clock; locks do not follow a simulated clock.

    Raises:
        Forbidden: wrong, deactivated, or locked for a while (the same words for a wrong name and a wrong password).
    """
    with database.session() as session:
        user = session.get(User, user_id)
        guard = session.get(SignInAddress, address)
    locked_until = max((lock for lock in (user and user.locked_until, guard and guard.locked_until) if lock), default=None)
    if locked_until and locked_until > now:
        minutes = max(1, round((locked_until - now).total_seconds() / 60))
        raise Forbidden(
            f"尝试次数过多，请约 {minutes} 分钟后再试。",
            f"Too many attempts; try again in about {minutes} min.",
            locked_until=locked_until.isoformat(),
        )
    # Hashing takes a tenth of a second: it happens outside any transaction.
    right = verify_password(user.password_hash if user and user.active else None, password)
    if user is None or not right:
        _count_failure(database, user_id, address, now)
        raise Forbidden("登录名或密码不对。", "The sign-in name or the password is wrong.")
    _forget_failures(database, user, address, password)
    return user.id


def _count_failure(database: Database, user_id: str, address: str, now: datetime) -> None:
    with database.transaction() as session:
        user = session.scalar(select(User).where(User.id == user_id).with_for_update())
        if user is not None:
            user.failed_logins += 1
            user.locked_until = _lock(user.failed_logins - FREE_FAILURES, now)
        guard = session.scalar(select(SignInAddress).where(SignInAddress.address == address).with_for_update())
        if guard is None:
            guard = SignInAddress(address=address, failures=0)
            session.add(guard)
        guard.failures += 1
        guard.locked_until = _lock(guard.failures - ADDRESS_FREE_FAILURES, now)


def _lock(excess: int, now: datetime) -> datetime | None:
    if excess < 0:
        return None
    return now + min(FIRST_WAIT * (1 << min(excess, 10)), LONGEST_WAIT)


def _forget_failures(database: Database, user: User, address: str, password: str) -> None:
    stored = user.password_hash or ""
    renewed = hash_password(password) if needs_rehash(stored) else stored
    if not user.failed_logins and renewed == stored:
        return
    with database.transaction() as session:
        session.execute(update(User).where(User.id == user.id).values(failed_logins=0, locked_until=None, password_hash=renewed))
        session.execute(update(SignInAddress).where(SignInAddress.address == address).values(failures=0, locked_until=None))

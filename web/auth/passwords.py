"""Password hashes (argon2id) and the rules a new password keeps."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.errors import InvalidInput

MIN_LENGTH = 10
MAX_LENGTH = 128

#: The beginnings and wholes that guessing programs try first; NIST SP 800-63B asks for such a list instead of character classes.
_COMMON = (
    "password", "passw0rd", "qwerty", "asdfgh", "zxcvbn", "1q2w3e", "12345", "123123", "11111", "00000", "66666", "88888", "987654",
    "abc123", "abcdef", "iloveyou", "woaini", "5201314", "1314520", "admin", "letmein", "welcome", "opsbook", "changeme", "root",
)  # fmt: skip

_hasher = PasswordHasher()

#: Verified when the account does not exist, so that both answers take the same time.
_NOBODY = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """An argon2id hash with its parameters and salt."""
    return _hasher.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; takes as long when there is no hash."""
    try:
        _hasher.verify(stored or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def check_new_password(password: str, *, user_id: str, name: str) -> None:
    """Accept a new password or say what is wrong with it.

    Raises:
        InvalidInput: too short, too long, one of the common ones, or made from the person's own name.
    """
    lowered = password.lower()
    if len(password) < MIN_LENGTH:
        raise InvalidInput(f"密码至少 {MIN_LENGTH} 个字符。", f"A password needs at least {MIN_LENGTH} characters.")
    if len(password) > MAX_LENGTH:
        raise InvalidInput(f"密码最多 {MAX_LENGTH} 个字符。", f"A password has at most {MAX_LENGTH} characters.")
    if len(set(lowered)) < 5:
        raise InvalidInput("密码里不同的字符太少。", "The password repeats too few different characters.")
    if any(lowered.startswith(common) for common in _COMMON):
        raise InvalidInput("这个密码太常见，请换一个。", "This password is among the first ones that are guessed; choose another.")
    if any(part and part in lowered for part in (user_id.lower(), name.lower())):
        raise InvalidInput("密码不能包含登录名或姓名。", "The password must not contain the sign-in name or the name.")

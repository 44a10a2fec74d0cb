"""Simplified Chinese first, English by a switch: which one a request speaks, and the catalogue."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, session
from flask_babel import Babel, get_locale
from flask_login import current_user

from engine.storage.tables import User

CATALOGUES = Path(__file__).parent / "translations"

#: What may be chosen: code in the user table to Babel's locale. Texts in the code are Chinese, so only English has a catalogue.
LOCALES = {"zh": "zh_Hans_CN", "en": "en"}

_SESSION_KEY = "locale"


def register(app: Flask) -> None:
    """Compile the catalogue and let every template translate."""
    compile_catalogues()
    app.config["BABEL_DEFAULT_LOCALE"] = LOCALES["zh"]
    app.config["BABEL_DEFAULT_TIMEZONE"] = app.extensions["opsbook"].settings.time_zone
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(CATALOGUES)
    Babel(app, locale_selector=_choose)
    app.jinja_env.globals["locale"] = locale


def locale() -> str:
    """The language of this request: `zh` or `en`."""
    chosen = get_locale()
    return "en" if chosen is not None and chosen.language == "en" else "zh"


def remember(code: str) -> None:
    """Keep the choice for this browser; the person's own choice, once signed in, is in the user table."""
    session[_SESSION_KEY] = code


def compile_catalogues() -> None:
    """Write the machine-readable catalogue where it is missing or older than its source."""
    for source in CATALOGUES.glob("*/LC_MESSAGES/messages.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file)
        partial = target.with_suffix(f".{id(catalogue):x}.part")
        with partial.open("wb") as file:
            write_mo(file, catalogue)
        partial.replace(target)  # at once, because several processes may start together


def speaks(user: User) -> str:
    """The language to write to a person in: `zh` or `en`."""
    return "en" if user.locale.startswith("en") else "zh"


def _choose() -> str:
    code = current_user.locale if current_user.is_authenticated else session.get(_SESSION_KEY, "zh")
    return LOCALES["en" if str(code).startswith("en") else "zh"]

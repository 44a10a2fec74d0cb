"""Simplified Chinese first, English by a switch: which one a request speaks, and the catalogue."""

from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, g, session
from flask_babel import Babel, get_domain, get_locale
from flask_login import current_user

CATALOGUE = Path(__file__).parent / "translations" / "en" / "LC_MESSAGES" / "messages.po"

#: What may be chosen: code in the user table to Babel's locale. Texts in the code are Chinese, so only English has a catalogue.
LOCALES = {"zh": "zh_Hans_CN", "en": "en"}

_SESSION_KEY = "locale"


def register(app: Flask) -> None:
    """Let every page and template translate."""
    app.config["BABEL_DEFAULT_LOCALE"] = LOCALES["zh"]
    app.config["BABEL_DEFAULT_TIMEZONE"] = app.extensions["opsbook"].settings.time_zone
    babel = Babel(app, locale_selector=_choose)
    with app.app_context():
        babel.domain_instance.cache[LOCALES["en"], "messages"] = english()
    app.jinja_env.globals["locale"] = locale


def locale() -> str:
    """The language of this request: `zh` or `en`."""
    if "language" not in g:
        chosen = get_locale()
        g.language = "en" if chosen is not None and chosen.language == "en" else "zh"
    return str(g.language)


def gettext(text: str, **values: Any) -> str:
    """Like Flask-Babel's, which looks for its catalogue each time: the story of a case asks twenty thousand times."""
    if "catalogue" not in g:
        g.catalogue = get_domain().get_translations()
    found: str = g.catalogue.ugettext(text)
    return found % values if values else found


def remember(code: str) -> None:
    """Keep the choice for this browser; the person's own choice, once signed in, is in the user table."""
    session[_SESSION_KEY] = code


def english() -> Translations:
    """The English catalogue, compiled in memory: nothing has to be built or written before the start."""
    compiled = BytesIO()
    with CATALOGUE.open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return Translations(compiled)


def _choose() -> str:
    code = current_user.locale if current_user.is_authenticated else session.get(_SESSION_KEY, "zh")
    return LOCALES["en" if str(code).startswith("en") else "zh"]

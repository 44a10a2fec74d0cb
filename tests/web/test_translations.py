"""Everything that is said in Chinese is said in English too."""

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.web.conftest import Site

WEB = Path(__file__).parents[2] / "web"
CATALOGUE = WEB / "translations" / "en" / "LC_MESSAGES" / "messages.po"
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_PLACE = re.compile(r"%\(\w+\)[ds]")


def said() -> set[str]:
    """Every text that code and templates translate."""
    found = extract_from_dir(
        str(WEB),
        method_map=[("**.py", "python"), ("**/templates/**.html", "jinja2")],
        keywords={"gettext": None, "ngettext": (1, 2), "_": None},
        directory_filter=lambda folder: Path(folder).name not in ("frontend", "static", "node_modules", "__pycache__"),
    )
    return {message[0] if isinstance(message, tuple) else message for _, _, message, _, _ in found}


def test_the_english_catalogue_is_complete_and_holds_nothing_else() -> None:
    """Given all texts, each has an English one with the same places for values; none is left over."""
    with CATALOGUE.open("rb") as file:
        catalogue = {
            (message.id[0] if message.pluralizable else message.id): message for message in read_po(file, locale="en") if message.id
        }

    assert said() - set(catalogue) == set()
    assert set(catalogue) - said() == set()
    for chinese, message in catalogue.items():
        for english in [message.string] if isinstance(message.string, str) else message.string:
            assert english, chinese
            assert not _CHINESE.search(english), chinese
            assert set(_PLACE.findall(english)) == set(_PLACE.findall(chinese)), chinese


def test_templates_have_no_chinese_outside_of_translations() -> None:
    """Given all templates, Chinese text stands only where it is translated."""
    for template in WEB.rglob("templates/**/*.html"):
        text = re.sub(r"\{#.*?#\}", "", template.read_text("utf-8"), flags=re.DOTALL)
        text = re.sub(r"n?_?(?:_|ngettext)\('[^']*'(?:, '[^']*')?", "", text).replace("'中文'", "")
        assert not _CHINESE.search(text), (template, _CHINESE.search(text))


def test_no_page_in_english_shows_chinese_of_the_interface(site: Site) -> None:
    """Given an English reader whose own data is English, the frame of every page is English."""
    site.start("Acme")
    hotline = site.as_("hotline1")
    hotline.send("/language/en")
    for path in (
        "/inbox",
        "/inbox?tab=groups",
        "/start",
        "/start/site_visit",
        "/cases",
        "/account",
        "/inbox?tab=overdue",
        "/inbox?tab=due&q=x",
    ):
        page = re.sub(r"<script type=\"application/json\".*?</script>", "", hotline.text(path), flags=re.DOTALL)
        page = re.sub(r"林晓雯|>林<|中文", "", page)
        assert not _CHINESE.search(page), (path, page[_CHINESE.search(page).start() - 80 :][:160])  # type: ignore[union-attr]

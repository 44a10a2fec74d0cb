"""Settings: the table operators read, and what they get for a mistake."""

from dataclasses import fields
from pathlib import Path

import pytest

from engine.settings import Settings

TABLE = Path(__file__).parent.parent / "docs" / "settings.md"


def test_the_table_has_every_setting_and_no_other() -> None:
    """docs/settings.md names each variable in order, with the sentence of the code and its default."""
    rows = [
        [cell.strip() for cell in line.split(" | ")] for line in TABLE.read_text("utf-8").splitlines() if line.startswith("| `OPSBOOK_")
    ]

    assert [row[0].strip("|` ") for row in rows] == [f"OPSBOOK_{item.name.upper()}" for item in fields(Settings)]
    assert [row[2].removesuffix(" |") for row in rows] == [item.metadata["doc"] for item in fields(Settings)]
    shown = {row[0].strip("|` "): row[1] for row in rows}
    for item in fields(Settings):
        if item.name != "processes_dir":  # depends on where the code lies
            text = str(item.default).lower() if isinstance(item.default, bool) else str(item.default)
            assert shown[f"OPSBOOK_{item.name.upper()}"] == (f"`{text}`" if text else "(empty)")


def test_variables_are_read_by_their_type() -> None:
    """Numbers, switches and paths arrive as such; unset ones keep their default."""
    settings = Settings.from_environment({"OPSBOOK_PORT": "8123", "OPSBOOK_DEMO": "1", "OPSBOOK_FILES_DIR": "/srv/files", "OTHER": "x"})

    assert settings == Settings(port=8123, demo=True, files_dir=Path("/srv/files"))


@pytest.mark.parametrize(("name", "value"), [("OPSBOOK_PORT", "eighty"), ("OPSBOOK_DEMO", "maybe")])
def test_a_value_of_the_wrong_type_names_its_variable(name: str, value: str) -> None:
    """The message says which variable to mend."""
    with pytest.raises(ValueError, match=name):
        Settings.from_environment({name: value})

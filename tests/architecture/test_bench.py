"""The measurements of `make bench` run: with small figures, which prove nothing but that."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench.section import Section, all_sections
from bench.stage import POSTGRES
from tests.postgres_server import programs


@pytest.mark.timeout(600)
@pytest.mark.parametrize("section", all_sections(), ids=lambda section: section.name)
def test_section_measures(section: Section, tmp_path: Path) -> None:
    """Given a section, when it is measured quickly on one database, then it ends with a table."""
    kind = section.databases[-1] if section.databases else ""
    if kind == POSTGRES and programs() is None:
        pytest.skip("no PostgreSQL on this machine")
    command = [sys.executable, "-m", "bench", section.name, "--quick", "--results", str(tmp_path / "results.json")]
    ran = subprocess.run([*command, *(["--database", kind] if kind else [])], capture_output=True, text=True, check=False)

    assert section.title in ran.stdout
    assert "Traceback" not in ran.stderr, ran.stderr
    assert (tmp_path / "results.json").stat().st_size > 0

"""The catalogue of key performance indicators: what the manuals want measured, how, and what is to be reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from engine.errors import InvalidInput
from engine.manuals.yaml_files import load_yaml

#: Name of the file in a deployment.
KPIS = "manuals/kpis.yaml"

#: In the place of processes, of an indicator that looks at every one.
ALL_PROCESSES = "all processes"


@dataclass(frozen=True)
class Kpi:
    """One indicator, in both languages."""

    id: str
    title_zh: str
    title_en: str
    definition_zh: str
    definition_en: str
    formula: str
    target: str  #: as the catalogue writes it: `100%`, `<= PT2H`, `up`, `parameter`, `report` …
    clauses: tuple[str, ...]  #: ids of the clauses that ask for it
    processes: tuple[str, ...]  #: whose history it reads

    def feeds_on(self, process: str) -> bool:
        """Whether cases of a process count."""
        return process in self.processes or ALL_PROCESSES in self.processes


@lru_cache(maxsize=4)
def read_kpis(content: bytes) -> Mapping[str, Kpi]:
    """The indicators of the file by id, in its order.

    Raises:
        InvalidInput: one that lacks something, or two of one id.
        yaml.YAMLError: the file is no YAML.
    """
    found: dict[str, Kpi] = {}
    for entry in (load_yaml(content) or {}).get("kpis", ()):
        kpi = _kpi(entry)
        if kpi.id in found:
            raise InvalidInput(f"指标“{kpi.id}”出现了两次。", f"The indicator {kpi.id!r} is given twice.")
        found[kpi.id] = kpi
    return MappingProxyType(found)


def _kpi(entry: Mapping[str, Any]) -> Kpi:
    try:
        return Kpi(
            id=entry["id"],
            title_zh=entry["zh"],
            title_en=entry["en"],
            definition_zh=entry["definition_zh"],
            definition_en=entry["definition_en"],
            formula=entry["formula"],
            target=str(entry["target"]),
            clauses=tuple(entry["source"]),
            processes=tuple(entry["processes"]),
        )
    except (KeyError, TypeError) as error:
        raise InvalidInput(
            f"指标目录里有一条缺少 {error}。", f"An indicator of the catalogue lacks {error}.", kpi=str(entry)[:200]
        ) from None

"""The parameter file: every figure of the procedures that may be changed, with its name, its unit and the clauses that it follows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import InvalidInput
from engine.manuals.references import Reference, read_references
from engine.manuals.units import UNITS
from engine.manuals.yaml_files import load_yaml

#: Name of the file in a deployment.
PARAMETERS = "manuals/parameters.yaml"


@dataclass(frozen=True)
class Section:
    """Parameters that belong together."""

    name: str
    title_zh: str
    title_en: str


#: Of a file that gives nothing but values.
_PLAIN = Section("", "其他", "Other")


@dataclass(frozen=True)
class Parameter:
    """One figure that the office may set; expressions read it as `parameters.<name>`."""

    name: str
    value: Any  #: as the file gives it
    section: Section
    title_zh: str
    title_en: str
    unit: str = ""  #: name of one of `UNITS`
    references: tuple[Reference, ...] = ()  #: the clauses it follows; with `#figure` where the manual states the figure
    note_zh: str = ""
    note_en: str = ""

    @property
    def is_stated(self) -> bool:
        """Whether a manual states the figure; otherwise it is the office's own choice."""
        return any(reference.figure for reference in self.references)


def read_parameters(content: bytes) -> dict[str, Parameter]:
    """The parameters of the file by name, in its order.

    Raises:
        InvalidInput: a parameter that is badly described, or two of one name.
        yaml.YAMLError: the file is no YAML.
    """
    found: dict[str, Parameter] = {}
    for parameter in _parameters(load_yaml(content) or {}):
        if parameter.name in found:
            raise InvalidInput(f"参数“{parameter.name}”出现了两次。", f"The parameter {parameter.name!r} is given twice.")
        found[parameter.name] = parameter
    return found


def read_values(content: bytes) -> dict[str, Any]:
    """The values of the file as expressions read them.

    Raises:
        InvalidInput, yaml.YAMLError: see `read_parameters`.
    """
    return {name: parameter.value for name, parameter in read_parameters(content).items()}


def _parameters(entries: Any) -> Iterator[Parameter]:
    """What stands in a section is described; what stands beside the sections is a value and nothing more."""
    if not isinstance(entries, dict):
        raise InvalidInput("参数文件应由“名称: 值”组成。", "The parameter file consists of names and values.")
    for name, entry in entries.items():
        if isinstance(entry, dict) and isinstance(entry.get("parameters"), dict):
            section = Section(str(name), str(entry.get("title_zh", name)), str(entry.get("title_en", name)))
            for inner, described in entry["parameters"].items():
                yield _described(str(inner), described, section)
        else:
            yield Parameter(str(name), entry, _PLAIN, str(name), str(name))


def _described(name: str, entry: Any, section: Section) -> Parameter:
    if not isinstance(entry, Mapping) or not {"value", "title_zh", "title_en"} <= entry.keys():
        raise InvalidInput(
            f"参数“{name}”要写明 value、title_zh 和 title_en。",
            f"The parameter {name!r} needs value, title_zh and title_en.",
            parameter=name,
        )
    unknown = sorted(entry.keys() - {"value", "title_zh", "title_en", "unit", "clauses", "note_zh", "note_en"})
    if unknown:
        raise InvalidInput(f"参数“{name}”不认识“{unknown[0]}”。", f"The parameter {name!r} cannot have {unknown[0]!r}.", parameter=name)
    unit = str(entry.get("unit", ""))
    if unit and unit not in UNITS:
        raise InvalidInput(f"参数“{name}”的单位“{unit}”不认识。", f"The parameter {name!r} has an unknown unit {unit!r}.", parameter=name)
    return Parameter(
        name,
        entry["value"],
        section,
        str(entry["title_zh"]),
        str(entry["title_en"]),
        unit,
        read_references(entry.get("clauses") or ()),
        str(entry.get("note_zh", "")),
        str(entry.get("note_en", "")),
    )

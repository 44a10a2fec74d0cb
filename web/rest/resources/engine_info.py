"""Which engines there are, and which version of the dialect is spoken."""

from web.rest.operation import operation
from web.rest.types import Dto

#: The Camunda version whose REST API this is; the Modeler asks for it.
SPOKEN_VERSION = "7.24.0"


class EngineDto(Dto):
    """A process engine."""

    name: str


class VersionDto(Dto):
    """A version."""

    version: str


@operation("GET", "/engine", tag="engine", scope="open")
def engines() -> list[EngineDto]:
    """The names of the engines: there is one."""
    return [EngineDto(name="default")]


@operation("GET", "/version", tag="version")
def version() -> VersionDto:
    """The version of the dialect."""
    return VersionDto(version=SPOKEN_VERSION)

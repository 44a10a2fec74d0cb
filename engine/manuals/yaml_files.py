"""Reading the YAML files of the manuals; by the fast reader where there is one."""

from typing import Any

import yaml


def load_yaml(content: bytes) -> Any:
    """What a file says.

    Raises:
        yaml.YAMLError: it is no YAML.
    """
    return yaml.load(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 — both are safe loaders

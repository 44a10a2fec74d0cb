"""The table of handlers: complete, named alike, honest about their errors."""

import importlib
import inspect
import pkgutil
import re

import pytest

import handlers
from engine.runtime.handlers import Handler
from handlers.fields import Request, Result
from handlers.registry import HANDLERS, registry
from handlers.scenarios.preparations import preparations


def declared() -> dict[str, Handler]:
    """Every handler of every module, by topic."""
    found = {}
    for info in pkgutil.walk_packages(handlers.__path__, "handlers."):
        for value in vars(importlib.import_module(info.name)).values():
            if isinstance(value, Handler):
                found[value.topic] = value
    return found


def test_every_handler_is_in_the_table_once():
    """A handler that was written but not entered could not be named in a diagram; what only scenarios may call is not in it."""
    only_scenarios = {item.topic for item in preparations()}

    assert {item.topic for item in HANDLERS} == declared().keys() - only_scenarios
    assert len(list(registry())) == len(HANDLERS)


@pytest.mark.parametrize("item", HANDLERS, ids=lambda item: item.topic)
def test_a_handler_introduces_itself(item):
    """Topic of subject and name, titles in both languages, typed by the house's models, described by its docstring."""
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", item.topic)
    assert re.search(r"[\u4e00-\u9fff]", item.title)
    assert item.title_en
    assert item.title_en.isascii()
    assert issubclass(item.request, Request)
    assert item.result is not None
    assert issubclass(item.result, Result)
    assert inspect.getdoc(item.function)


@pytest.mark.parametrize("item", HANDLERS, ids=lambda item: item.topic)
def test_the_errors_a_handler_names_are_the_ones_it_documents(item):
    """What a diagram may catch stands in the docstring with its reason."""
    documented = set(re.findall(r"\b[A-Z]{2,}(?:_[A-Z]+)+\b|\bEXPIRED\b|\bINCOMPLETE\b", inspect.getdoc(item.function) or ""))

    assert documented == set(item.errors)


@pytest.mark.parametrize("item", HANDLERS, ids=lambda item: item.topic)
def test_results_are_plain_json(item):
    """Every result can become process variables."""
    assert item.result is not None
    assert item.result.model_json_schema(mode="serialization")["type"] == "object"

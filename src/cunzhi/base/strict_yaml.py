"""Strict YAML: what is written is what is meant, and every mistake is named with file and line."""

import json
from collections.abc import Hashable
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from yaml.nodes import Node

from cunzhi.base.yaml_nodes import SPARE_NODES, Construction, Problem, YamlRefused, compose
from cunzhi.base.yaml_places import Part, problem_of

__all__ = ["Problem", "YamlRefused", "load", "load_as"]

Model = TypeVar("Model", bound=BaseModel)


def load(text: str, *, name: str) -> Any:
    """Plain data of one YAML document; `name` is the file's name as the messages show it."""
    return _data(compose(text, name=name), text, name)


def load_as(model: type[Model], text: str, *, name: str) -> Model:
    """The document as a model. Only YAML's own types count: a text is never read as a number or a boolean."""
    node = compose(text, name=name)
    data = _data(node, text, name)
    if node is None:
        raise YamlRefused([Problem(name, 1, "", "the file is empty")])
    errors = _strict_errors(model, data)
    try:
        loaded = model.model_validate(data)
    except ValidationError as error:
        errors += error.errors(include_url=False)
    if errors:
        raise YamlRefused(_problems(errors, model, node, name))
    return loaded


def _strict_errors(model: type[BaseModel], data: Any) -> list[ErrorDetails]:
    """Strictly as JSON: 'yes' is no boolean and '12' no number, yet lists fit tuples and words fit enumerations."""
    try:
        model.model_validate_json(json.dumps(_for_json(data)), strict=True)
    except ValidationError as error:
        return error.errors(include_url=False)
    return []


def _data(node: Node | None, text: str, name: str) -> Any:
    if node is None:
        return None
    construction = Construction(name, budget=len(text) + SPARE_NODES)
    data = construction.data(node)
    if construction.problems:
        raise YamlRefused(construction.problems)
    return data


def _problems(errors: list[ErrorDetails], model: type[BaseModel], node: Node, name: str) -> list[Problem]:
    """In the order of the text; what both readings find is said once, in the words of the strict one."""
    found: dict[tuple[Part, ...], Problem] = {}
    for error in errors:
        found.setdefault(error["loc"], problem_of(error, model=model, node=node, name=name))
    return sorted(found.values(), key=lambda problem: problem.line)


def _for_json(data: Any) -> Any:
    if isinstance(data, dict):
        return {_key_for_json(key): _for_json(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_for_json(item) for item in data]
    return data.isoformat() if isinstance(data, date) else data


def _key_for_json(key: Hashable) -> Any:
    return key.isoformat() if isinstance(key, date) else key

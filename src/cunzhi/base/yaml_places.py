"""Where in a YAML text a pydantic error belongs, and how to say it to the person who wrote the text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, RootModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from yaml.nodes import MappingNode, Node, SequenceNode

from cunzhi.base.text import nearest
from cunzhi.base.yaml_nodes import Problem, line_of

Part = str | int
OLD_BOOLEANS = ("yes", "no", "on", "off", "y", "n", "true", "false")

SHAPES = {
    "model_type": "should be keys with their values",
    "model_attributes_type": "should be keys with their values",
    "dict_type": "should be keys with their values",
    "list_type": "should be a list",
    "tuple_type": "should be a list",
    "set_type": "should be a list",
    "frozen_set_type": "should be a list",
}


@dataclass
class Place:
    """A spot that is reached by walking the model and the text together."""

    types: list[Any]
    node: Node | None
    line: int
    path: str = ""

    def step(self, part: Part) -> None:
        """Follows one part of an error's location; a part that only names a branch of a union leads nowhere."""
        branch = _branch(self.types, part)
        if branch:
            self.types = branch
            return
        inner = [kind for outer in self.types for kind in _inside(outer, part)]
        child = _child(self.node, part)
        if not inner and child is None:
            return
        self.types = inner
        self.path = f"{self.path}[{part}]" if isinstance(part, int) else f"{self.path}.{part}".lstrip(".")
        self.node, self.line = child or (None, self.line)


def problem_of(error: ErrorDetails, *, model: type[BaseModel], node: Node | None, name: str) -> Problem:
    """The error with the line of its node, or of the nearest node around it that exists."""
    place = Place(list(_alternatives(model)), node, line_of(node) if node else 1)
    parts = error["loc"]
    known: list[str] = []
    for number, part in enumerate(parts):
        if number == len(parts) - 1:
            known = sorted({key for kind in place.types for key in _keys(kind)})
        place.step(part)
    return Problem(name, place.line, place.path, _said(error, known))


def _said(error: ErrorDetails, known: list[str]) -> str:
    kind, given = error["type"], error["input"]
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return _unknown(str(error["loc"][-1]), known)
    if kind == "union_tag_not_found":
        return f"needs the key {error['ctx']['discriminator']}"
    what = SHAPES.get(kind) or error["msg"].removeprefix("Value error, ").removeprefix("Input ")
    if kind in ("value_error", "assertion_error") or isinstance(given, Mapping | list):
        return what
    return f"{what}, not {_shown(given)}{_advice(kind, given)}"


def _unknown(key: str, known: list[str]) -> str:
    meant = nearest(key, known)
    if meant:
        return f"unknown key; did you mean {meant}?"
    return f"unknown key; known here: {', '.join(known)}" if known else "unknown key"


def _shown(given: Any) -> str:
    if given is None:
        return "nothing"
    if isinstance(given, bool):
        return str(given).lower()
    return str(given) if isinstance(given, date) else f"{given!r:.60}"


def _advice(kind: str, given: Any) -> str:
    if kind.startswith("bool") and str(given).lower() in OLD_BOOLEANS:
        return "; write true or false without quotes"
    if kind == "string_type" and isinstance(given, int | float | date):
        return "; put it in quotes"
    if kind.startswith(("int", "float", "bool", "decimal")) and isinstance(given, str):
        return "; write it without quotes and without leading zeros" if given[:1].isdigit() else ""
    return ""


def _child(node: Node | None, part: Part) -> tuple[Node, int] | None:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if getattr(key, "value", None) == str(part):
                return value, line_of(key)
    if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], line_of(node.value[part])
    return None


def _alternatives(annotation: Any) -> Iterator[Any]:
    """The types that a value may have, unions and wrappers taken apart."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _alternatives(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for option in get_args(annotation):
            yield from _alternatives(option)
    elif isinstance(annotation, type) and issubclass(annotation, RootModel):
        yield from _alternatives(annotation.model_fields["root"].annotation)
    else:
        yield annotation


def _branch(types: list[Any], part: Part) -> list[Any]:
    """The models of a union that a discriminator's value or a model's name stands for."""
    models = [kind for kind in types if _is_model(kind)]
    if len(models) < 2:
        return []
    named = [kind for kind in models if kind.__name__ == part]
    return named or [kind for kind in models if any(_is_literal(one, part) for one in kind.model_fields.values())]


def _is_literal(field: FieldInfo, part: Part) -> bool:
    return get_origin(field.annotation) is Literal and part in get_args(field.annotation)


def _inside(kind: Any, part: Part) -> Iterator[Any]:
    if _is_model(kind):
        for name, field in kind.model_fields.items():
            if part in (name, field.alias, field.validation_alias):
                yield from _alternatives(field.annotation)
        return
    arguments = [argument for argument in get_args(kind) if argument is not Ellipsis]
    origin = get_origin(kind)
    if not isinstance(origin, type) or not arguments:
        return
    if issubclass(origin, Mapping):
        yield from _alternatives(arguments[-1])
    elif isinstance(part, int):
        yield from _alternatives(arguments[part] if origin is tuple and part < len(arguments) else arguments[-1])


def _keys(kind: Any) -> Iterator[str]:
    if _is_model(kind):
        for name, field in kind.model_fields.items():
            yield field.alias or name


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)

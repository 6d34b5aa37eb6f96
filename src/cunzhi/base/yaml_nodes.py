"""YAML text to a tree of nodes with lines, and the tree to plain data, by the stricter rules of YAML 1.2."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml
from yaml.events import CollectionEndEvent, CollectionStartEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.reader import Reader, ReaderError

STANDARD = "tag:yaml.org,2002:"
DEEPEST = 40
TOO_DEEP = f"nested more than {DEEPEST} levels deep"
SPARE_NODES = 10_000
"""Aliases may repeat at most this many nodes; without aliases a text has fewer nodes than characters."""

CONVERSIONS: dict[str, tuple[Callable[[str], int | float | date], str]] = {
    "int": (int, "a number that can be worked with"),
    "float": (float, "a number"),
    "timestamp": (date.fromisoformat, "a day of the calendar"),
}


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a file. `path` says where in the data, `line` where in the text, from 1."""

    name: str
    line: int
    path: str
    what: str

    def __str__(self) -> str:
        place = f"{self.name}:{self.line}: "
        return f"{place}{self.path}: {self.what}" if self.path else f"{place}{self.what}"


class YamlRefused(ValueError):
    """A YAML text cannot be taken as it is; every problem found is named."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class _Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """PyYAML's composer with only our own idea of which bare words are not text."""


for _tag, _pattern, _first in (
    ("null", r"null|~|", ["n", "~", ""]),
    ("bool", r"true|false", ["t", "f"]),
    ("int", r"[-+]?(0|[1-9][0-9]*)", list("-+0123456789")),
    ("float", r"[-+]?(0|[1-9][0-9]*)?(\.[0-9]+([eE][-+]?[0-9]+)?|(?<=[0-9])[eE][-+]?[0-9]+)", list("-+.0123456789")),
    ("timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", list("0123456789")),
):
    _Loader.add_implicit_resolver(STANDARD + _tag, re.compile(f"(?:{_pattern})\\Z", re.ASCII), _first)


def compose(text: str, *, name: str) -> Node | None:
    """The tree of the one document in `text`; None when there is nothing in it."""
    try:
        _refuse_depth(text, name)
        loader = _Loader(text)
        try:
            node: Node | None = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlRefused([Problem(name, mark.line + 1 if mark else 1, "", _explained(error, text))]) from None
    except (ReaderError, UnicodeError):
        odd = Reader.NON_PRINTABLE.search(text)
        line = text.count("\n", 0, odd.start()) + 1 if odd else 1
        raise YamlRefused([Problem(name, line, "", "holds a control character; remove it")]) from None
    return node


def _refuse_depth(text: str, name: str) -> None:
    """Before composing: the composer recurses, and in C it would take the process down."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST:
            raise YamlRefused([Problem(name, event.start_mark.line + 1 if event.start_mark else 1, "", TOO_DEEP)])


def line_of(node: Node) -> int:
    return int(node.start_mark.line) + 1


@dataclass
class Construction:
    """Turns nodes into data, collecting what is wrong with them."""

    name: str
    budget: int
    problems: list[Problem] = field(default_factory=list)

    def data(self, node: Node, path: str = "", depth: int = 0) -> Any:
        self.budget -= 1
        if self.budget < 0:
            raise self._stop(node, path, "aliases repeat too much; write it out")
        if depth > DEEPEST:
            raise self._stop(node, path, TOO_DEEP)
        if isinstance(node, MappingNode) and node.tag == STANDARD + "map":
            return self._mapping(node, path, depth)
        if isinstance(node, SequenceNode) and node.tag == STANDARD + "seq":
            return [self.data(item, f"{path}[{index}]", depth + 1) for index, item in enumerate(node.value)]
        if isinstance(node, ScalarNode):
            return self._scalar(node, path)
        self._note(node, path, f"the tag {_tag_as_written(node.tag)} is not understood; remove it")
        return None

    def _mapping(self, node: MappingNode, path: str, depth: int) -> dict[Hashable, Any]:
        data: dict[Hashable, Any] = {}
        lines: dict[Hashable, int] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, path)
            inner = f"{path}.{key}" if path else str(key)
            if key in data:
                self._note(key_node, inner, f"the key is already there in line {lines[key]}")
            lines.setdefault(key, line_of(key_node))
            data[key] = self.data(value_node, inner, depth + 1)
        return data

    def _key(self, node: Node, path: str) -> Hashable:
        if not isinstance(node, ScalarNode) or node.tag == STANDARD + "null":
            self._note(node, path, "a key must be a word or a number")
            return "?"
        if node.value == "<<" and not node.style:
            self._note(node, path, "merging with << is not part of YAML 1.2; write the keys out")
        key: Hashable = self._scalar(node, path)
        return key

    def _scalar(self, node: ScalarNode, path: str) -> Any:
        match node.tag.removeprefix(STANDARD):
            case "str":
                if "\x00" in node.value:
                    self._note(node, path, "holds a NUL character, which no database keeps; remove it")
                return node.value
            case "null":
                return None
            case "bool":
                return node.value == "true"
            case "int" | "float" | "timestamp" as kind:
                return self._converted(node, path, kind)
        self._note(node, path, f"the tag {_tag_as_written(node.tag)} is not understood; remove it")
        return None

    def _converted(self, node: ScalarNode, path: str, kind: str) -> int | float | date | None:
        convert, meant = CONVERSIONS[kind]
        try:
            return convert(node.value)
        except ValueError:
            self._note(node, path, f"{node.value!r:.40} is not {meant}")
            return None

    def _note(self, node: Node, path: str, what: str) -> None:
        self.problems.append(Problem(self.name, line_of(node), path, what))

    def _stop(self, node: Node, path: str, what: str) -> YamlRefused:
        return YamlRefused([*self.problems, Problem(self.name, line_of(node), path[:80], what)])


def _explained(error: yaml.MarkedYAMLError, text: str) -> str:
    what, mark = error.problem or "not readable as YAML", error.problem_mark
    if "cannot start any token" in what and mark:
        odd = text.splitlines()[mark.line][mark.column]
        return "a tab indents this line; use spaces" if odd == "\t" else f"a text that begins with {odd} needs quotes"
    if error.context and error.context_mark and mark and error.context_mark.line != mark.line:
        return f"{what} ({error.context} that begins in line {error.context_mark.line + 1})"
    return what


def _tag_as_written(tag: str) -> str:
    return "!!" + tag.removeprefix(STANDARD) if tag.startswith(STANDARD) else tag

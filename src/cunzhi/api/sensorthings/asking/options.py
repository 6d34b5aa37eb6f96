"""Reads the query options of an address, also those that stand in brackets behind an expanded link."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from cunzhi.api.sensorthings.asking.compile import Compiler
from cunzhi.api.sensorthings.asking.parser import Order, parse_filter, parse_order
from cunzhi.api.sensorthings.asking.tree import Node
from cunzhi.base.errors import Refused
from cunzhi.perception.entities import BY_NAME, EntitySet

DEFAULT_TOP, MOST_TOP, MOST_SKIP = 100, 1000, 1_000_000
DEEPEST = 5
NAMES = ("$select", "$expand", "$filter", "$orderby", "$top", "$skip", "$count", "$skiptoken", "$resultFormat")


@dataclass
class Options:
    """What is asked of one set of entities, or of one entity."""

    select: list[str] = field(default_factory=list)
    expand: dict[str, "Options"] = field(default_factory=dict)
    filter: Node | None = None
    order: list[Order] = field(default_factory=list)
    top: int = DEFAULT_TOP
    skip: int = 0
    count: bool = False
    token: str = ""
    data_array: bool = False
    given: dict[str, str] = field(default_factory=dict)
    """As they were written, for the address of the next page."""


def read_options(given: Iterator[tuple[str, str]] | list[tuple[str, str]], kind: EntitySet, depth: int = 0) -> Options:
    """The options of a set, each at most once; names that are none are refused."""
    options = Options()
    for name, value in given:
        if name not in NAMES:
            raise Refused("api.sta.no_option", name=name[:40], known=", ".join(NAMES))
        if name in options.given:
            raise Refused("api.sta.option_twice", name=name)
        options.given[name] = value
        _read(options, name, value.strip(), kind, depth)
    if depth:  # an inner set may be empty, and then nobody else would notice what is wrong
        _check(options, kind)
    return options


def _check(options: Options, kind: EntitySet) -> None:
    compiler = Compiler(kind)
    if options.filter is not None:
        compiler.condition(options.filter)
    for one in options.order:
        compiler.term(one.by)


def _read(options: Options, name: str, value: str, kind: EntitySet, depth: int) -> None:
    if name in NUMBERS:
        NUMBERS[name](options, value)
    elif name == "$select":
        options.select = [_selected(one.strip(), kind) for one in value.split(",")]
    elif name == "$expand":
        options.expand = _expanded(value, kind, depth)
    elif name == "$filter":
        options.filter = parse_filter(value)
    elif name == "$orderby":
        options.order = parse_order(value)
    elif value != "dataArray" or kind.name != "Observations":
        raise Refused("api.sta.no_format", value=value[:40])
    else:
        options.data_array = True


def _top(options: Options, value: str) -> None:
    options.top = min(_count("$top", value), MOST_TOP)


def _skip(options: Options, value: str) -> None:
    options.skip = _count("$skip", value)
    if options.skip > MOST_SKIP:
        raise Refused("api.sta.skip_too_far", most=MOST_SKIP)


def _token(options: Options, value: str) -> None:
    options.token = value


def _counted(options: Options, value: str) -> None:
    if value not in ("true", "false"):
        raise Refused("api.sta.no_flag", name="$count", value=value[:40])
    options.count = value == "true"


NUMBERS = {"$top": _top, "$skip": _skip, "$count": _counted, "$skiptoken": _token}


def _selected(name: str, kind: EntitySet) -> str:
    if name in ("id", "@iot.id"):
        return "id"
    if kind.property(name) is None and kind.link(name) is None:
        raise Refused("api.sta.no_property", name=name[:40], kind=kind.name)
    return name


def _count(name: str, value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) <= 12):
        raise Refused("api.sta.no_count", name=name, value=value[:40])
    return int(value)


def _expanded(text: str, kind: EntitySet, depth: int) -> dict[str, Options]:
    """Links by name, with the options in their brackets; A/B expands B inside A."""
    if depth >= DEEPEST:
        raise Refused("api.sta.too_deep")
    found: dict[str, Options] = {}
    for part in split(text, ","):
        path, bracket, inner = part.partition("(")
        if bracket and not inner.endswith(")"):
            raise Refused("api.sta.bracket", text=part[:40])
        name, slash, rest = path.strip().partition("/")
        link = kind.link(name)
        if link is None:
            raise Refused("api.sta.no_link_there", name=name[:40], kind=kind.name)
        target = BY_NAME[link.target]
        if slash:
            options = found.get(name) or Options()
            options.expand |= _expanded(f"{rest}{bracket}{inner}", target, depth + 1)
        else:
            options = read_options(list(_pairs(inner[:-1])), target, depth + 1) if bracket else Options()
            options.expand = {**(found[name].expand if name in found else {}), **options.expand}
        found[name] = options
    return found


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for part in split(text, ";"):
        name, sign, value = part.partition("=")
        if not sign:
            raise Refused("api.sta.bracket", text=part[:40])
        yield name.strip(), value


def split(text: str, sign: str) -> list[str]:
    """Cut at a sign where it stands outside brackets and quotes."""
    parts, depth, quoted, begin = [], 0, False, 0
    for at, character in enumerate(text):
        if character == "'":
            quoted = not quoted
        elif quoted:
            continue
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
        elif character == sign and depth == 0:
            parts.append(text[begin:at])
            begin = at + 1
    if depth or quoted:
        raise Refused("api.sta.bracket", text=text[:40])
    return [part.strip() for part in [*parts, text[begin:]]]

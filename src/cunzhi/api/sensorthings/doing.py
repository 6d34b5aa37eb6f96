"""Does what one request asks, alone or as a part of a batch."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from cunzhi.api.errors import Unanswered
from cunzhi.api.sensorthings.arrays import create_observations
from cunzhi.api.sensorthings.asking.options import read_options
from cunzhi.api.sensorthings.bodies import draft_of
from cunzhi.api.sensorthings.context import Context
from cunzhi.api.sensorthings.grid import columns, data_array
from cunzhi.api.sensorthings.paths import Target, find
from cunzhi.api.sensorthings.telling import tell, tell_list, value_of
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.engine.alarming import look_after_commit
from cunzhi.perception.actions.changes import change, remove
from cunzhi.perception.actions.entities import Draft, create
from cunzhi.perception.actions.observations import take_one
from cunzhi.perception.entities import BY_NAME
from cunzhi.perception.models import FeatureOfInterest
from cunzhi.perception.reading import read


@dataclass
class Answer:
    """What is answered; `text` instead of `content` where a bare value is asked for."""

    status: int
    content: Any = None
    text: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


class NoSuchMethod(Unanswered):
    """The address is right, the method is not."""

    status = 405


OF_STREAM = re.compile(r"Datastreams\(([1-9][0-9]{0,17})\)/Observations")
OF_ENTITY = ("$select", "$expand")


def do(method: str, path: str, query: str, body: Any, context: Context) -> Answer:
    """One request: the path behind the service root, the query as it stands in the address, and the parsed body."""
    path = unquote(path).strip("/")
    if "\x00" in path or "%00" in query:
        raise Unanswered("api.nul")
    if path == "CreateObservations":
        if method != "POST":
            raise NoSuchMethod("api.no_such_method")
        return Answer(201, create_observations(body, context))
    if method == "POST" and path == "Observations":  # the busiest way needs no look at the set itself
        return _post(Target(BY_NAME["Observations"]), body, context)
    if method == "POST" and (found := OF_STREAM.fullmatch(path)):
        return _post_under(int(found[1]), path, body, context)
    target = find(path, context)
    return _get(target, path, query, context) if method in ("GET", "HEAD") else _change(method, target, body, context)


def _change(method: str, target: Target, body: Any, context: Context) -> Answer:
    """Whatever does not only read."""
    if target.asked is not None or target.ref:
        raise NoSuchMethod("api.no_such_method")
    if method == "POST" and target.rows is not None:
        return _post(target, body, context)
    if target.entity is not None and method in ("PATCH", "PUT"):
        draft = draft_of(target.kind, body, update=True)
        change(scope=context.scope, entity=target.entity, draft=draft, whole=method == "PUT")
        return Answer(200, {"@iot.id": target.entity.pk, "@iot.selfLink": _self(target, context)})
    if target.entity is not None and method == "DELETE":
        remove(scope=context.scope, entity=target.entity)
        return Answer(200)
    raise NoSuchMethod("api.no_such_method")


def _get(target: Target, path: str, query: str, context: Context) -> Answer:
    given = parse_qsl(query, keep_blank_values=True, max_num_fields=20, errors="strict")
    if target.asked is not None:
        if given:
            raise Refused("api.sta.no_option_here", name=given[0][0][:40])
        return _value(target)
    options = read_options(given, target.kind)
    if target.entity is not None:
        wrong = next((name for name in options.given if name not in OF_ENTITY), None)
        if wrong or (target.ref and given):
            raise Refused("api.sta.no_option_here", name=wrong or given[0][0][:40])
        if target.ref:
            return Answer(200, {"@iot.selfLink": _self(target, context)})
        return Answer(200, tell(target.kind, target.entity, options, context))
    assert target.rows is not None  # noqa: S101  neither property nor entity
    address = f"{context.root}/{path}"
    if target.ref:
        options.select, options.expand = ["id"], {}
    names = columns(options) if options.data_array else []
    content = tell_list(target.kind, target.rows, options, context, address, one_stream=target.one_stream)
    if target.ref:
        content["value"] = [{"@iot.selfLink": one["@iot.selfLink"]} for one in content["value"]]
    if options.data_array:
        content = data_array(content, names, context)
    return Answer(200, content)


def _value(target: Target) -> Answer:
    one = target.asked
    assert one is not None  # noqa: S101  asked by the caller
    value = target.entity.pk if one.column == "pk" else value_of(one, target.entity)
    if not target.value:
        return Answer(200, {one.name: value})
    if value is None:
        return Answer(204)
    if isinstance(value, dict | list):
        return Answer(200, value)
    return Answer(200, text=str(value).lower() if isinstance(value, bool) else str(value))


def _post(target: Target, body: Any, context: Context) -> Answer:
    draft = draft_of(target.kind, body)
    if target.link is not None:
        _belonging(target, draft)
    if target.kind.name == "Observations" and _plain(draft):
        made, known = _take(draft, context)
    else:
        done = create(scope=context.scope, draft=draft, place_code=getattr(target.owner, "place_code", ""))
        made, known = done.id, done.known
    link = context.link(target.kind.name, made)
    return Answer(200 if known else 201, {"@iot.id": made, "@iot.selfLink": link}, headers={"Location": link})


def _post_under(stream: int, path: str, body: Any, context: Context) -> Answer:
    """A value for one datastream: whether it may be seen is only asked when it cannot be sent for."""
    kind = BY_NAME["Observations"]
    draft = draft_of(kind, body)
    if not _plain(draft):
        return _post(find(path, context), body, context)
    if draft.links.setdefault("Datastream", [stream]) != [stream]:
        raise Refused("api.sta.elsewhere", field="Datastream")
    try:
        made, known = _take(draft, context)
    except Refused as refused:
        if refused.field == "Datastream" or isinstance(refused, Forbidden):
            find(path, context)
        raise
    link = context.link(kind.name, made)
    return Answer(200 if known else 201, {"@iot.id": made, "@iot.selfLink": link}, headers={"Location": link})


def _belonging(target: Target, draft: Draft) -> None:
    """What is posted under an entity belongs to it."""
    assert target.link is not None  # noqa: S101  asked by the caller
    back = next(one for one in target.kind.links if one.path == target.link.back)
    ends = draft.links.get(back.name)
    if back.many:
        draft.links[back.name] = [*(ends or []), target.owner]
    elif ends and ends[0] != target.owner.pk:
        raise Refused("api.sta.elsewhere", field=back.name)
    else:
        draft.links[back.name] = [target.owner.pk if target.one_stream else target.owner]


def _plain(draft: Draft) -> bool:
    """Whether an observation links only to what is there."""
    return all(isinstance(end, int) for ends in draft.links.values() for end in ends)


def _take(draft: Draft, context: Context) -> tuple[int, bool]:
    ends = draft.links.get("Datastream")
    if not ends:
        raise Refused("perception.missing", field="Datastream")
    feature = draft.links.get("FeatureOfInterest", [None])[0]
    scope = context.scope
    if (
        feature is not None
        and not FeatureOfInterest.objects.filter(scope.visible(FeatureOfInterest), pk=feature).exists()
    ):
        raise Refused("perception.no_link", field="FeatureOfInterest", id=feature)
    taken = take_one(by=scope.actor, datastream=ends[0], reading=read(draft.sent, feature), scope=scope)
    if not taken.known:
        look_after_commit([ends[0]])
    return taken.id, taken.known


def _self(target: Target, context: Context) -> str:
    return context.link(target.kind.name, target.entity.pk)

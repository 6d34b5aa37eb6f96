"""Data arrays: many values in one request, a column named once."""

from collections.abc import Iterator
from typing import Any

from cunzhi.api import throttle
from cunzhi.api.errors import TooMany
from cunzhi.api.problems import language
from cunzhi.api.sensorthings.bodies import ID, number_of
from cunzhi.api.sensorthings.context import Context
from cunzhi.api.sensorthings.plain import runs_in
from cunzhi.base.errors import Refused
from cunzhi.engine.alarming import look_after_commit
from cunzhi.perception.actions.observations import Item, Outcome, Taken, take
from cunzhi.perception.actions.runs import take_runs
from cunzhi.perception.models import FeatureOfInterest
from cunzhi.perception.reading import read
from cunzhi.perception.runs import Run

FEATURE = ("FeatureOfInterest/id", "FeatureOfInterest/@iot.id")
COMPONENTS = frozenset({"result", "phenomenonTime", "resultTime", "validTime", "resultQuality", "parameters", *FEATURE})
MOST = 50_000


def create_observations(body: Any, context: Context) -> list[str]:
    """The address of each value in its order, or 'error' with the reason where it was refused.

    When not one of them could be taken the request itself is refused, with the reason of the first.
    """
    if not isinstance(body, list):
        raise Refused("api.sta.no_list", field="body")
    runs = runs_in(body, MOST)
    outcomes = None if runs is None else _in_runs(runs, context)
    if outcomes is None:
        outcomes = _one_by_one(body, context, counted=runs is not None)
    if outcomes and not any(isinstance(one, Taken) for one in outcomes):
        raise outcomes[0]  # type: ignore[misc]
    root = f"{context.root}/Observations("
    return [f"{root}{one.id})" if isinstance(one, Taken) else _told(one) for one in outcomes]


def _told(refused: Refused) -> str:
    return f"error: {f'{refused.field}: ' if refused.field else ''}{refused.say(language())}"


def _in_runs(runs: list[Run], context: Context) -> list[Outcome] | None:
    """All values at once; None, and nothing done, where not all of them are acceptable."""
    _count(sum(len(run.at) for run in runs), context)
    outcomes = take_runs(scope=context.scope, runs=runs)
    if outcomes is not None:
        look_after_commit(run.datastream for run in runs)
    return outcomes


def _one_by_one(body: list[Any], context: Context, *, counted: bool) -> list[Outcome]:
    """Each value for itself."""
    read_ = list(_items(body, context))
    items = [one for one in read_ if not isinstance(one, Refused)]
    if not counted:
        _count(len(read_), context)
    taken = iter(take(by=context.scope.actor, items=items, scope=context.scope))
    look_after_commit(stream for stream, _ in items)
    return [one if isinstance(one, Refused) else next(taken) for one in read_]


def _count(many: int, context: Context) -> None:
    """A flood from one device is held up; the others go on."""
    if context.scope.actor.device_id and throttle.over(
        f"values:{context.caller.key}", throttle.LIMITS.values, max(many - 1, 0)
    ):
        raise TooMany("api.too_many", seconds=throttle.seconds_to_wait())


def _items(body: list[Any], context: Context) -> Iterator[Item | Refused]:
    left = MOST
    for place, group in enumerate(body):
        field = f"[{place}]"
        if not isinstance(group, dict):
            raise Refused("perception.no_object", field=field)
        unknown = set(group) - {"Datastream", "components", "dataArray", "dataArray@iot.count"}
        if unknown:
            raise Refused("api.sta.no_property", field=field, name=min(unknown)[:40], kind="CreateObservations")
        rows = group.get("dataArray")
        if not isinstance(rows, list):
            raise Refused("api.sta.no_list", field=f"{field}.dataArray")
        if "dataArray@iot.count" in group and group["dataArray@iot.count"] != len(rows):
            raise Refused("api.sta.other_count", field=f"{field}.dataArray@iot.count", count=len(rows))
        left -= len(rows)
        if left < 0:
            raise Refused("api.sta.too_much", most=MOST)
        yield from _rows(group, rows, field, context)


def _rows(group: dict[str, Any], rows: list[Any], field: str, context: Context) -> Iterator[Item | Refused]:
    link = group.get("Datastream")
    if not isinstance(link, dict) or set(link) != {ID}:
        raise Refused("perception.missing", field=f"{field}.Datastream")
    stream = number_of(link[ID], f"{field}.Datastream.{ID}")
    names = _components(group.get("components"), field)
    features: dict[int, Refused | None] = {}
    at = next((place for place, name in enumerate(names) if name in FEATURE), None)
    for row in rows:
        try:
            if not isinstance(row, list) or len(row) != len(names):
                raise Refused("api.sta.row_length", field="dataArray", count=len(names))
            feature = None if at is None else _feature(row[at], features, context)
            sent = {name: value for name, value in zip(names, row, strict=True) if value is not None}
            yield stream, read(sent, feature)
        except Refused as refused:
            yield refused


def _components(names: Any, field: str) -> list[str]:
    if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
        raise Refused("api.sta.no_list", field=f"{field}.components")
    for name in names:
        if name not in COMPONENTS or names.count(name) > 1:
            raise Refused("api.sta.no_component", field=f"{field}.components", name=name[:40])
    if "result" not in names:
        raise Refused("perception.missing", field=f"{field}.components.result")
    return names


def _feature(value: Any, known: dict[int, Refused | None], context: Context) -> int | None:
    """The feature that a row names; each is looked for once."""
    if value is None:
        return None
    number = number_of(value, FEATURE[0])
    if number not in known:
        rows = FeatureOfInterest.objects.filter(context.scope.visible(FeatureOfInterest), pk=number)
        known[number] = None if rows.exists() else Refused("perception.no_link", field=FEATURE[0], id=number)
    if (wrong := known[number]) is not None:
        raise wrong
    return number

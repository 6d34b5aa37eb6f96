"""Bodies of requests as drafts of entities. Names that the standard does not know are refused, not passed over."""

from typing import Any

from cunzhi.base.errors import Refused
from cunzhi.perception.actions.entities import Draft
from cunzhi.perception.entities import BY_NAME, EntitySet

ID = "@iot.id"
LAST_ID = 2**63 - 1
DEEPEST, MOST = 6, 2000


def draft_of(
    kind: EntitySet, content: Any, *, update: bool = False, room: list[int] | None = None, depth: int = 0
) -> Draft:
    """An entity with what is sent inside it; in an update, links lead only to what is there."""
    room = [MOST] if room is None else room
    room[0] -= 1
    if depth > DEEPEST or room[0] < 0:
        raise Refused("api.sta.too_deep")
    if not isinstance(content, dict):
        raise Refused("perception.no_object", field=kind.single)
    draft = Draft(kind, {})
    for name, value in content.items():
        if "@iot." in name:
            if name == ID and not (update and depth == 0):
                raise Refused("api.sta.own_id", field=ID)
        elif kind.property(name) is not None:
            draft.sent[name] = value
        elif (link := kind.link(name)) is not None:
            target = BY_NAME[link.target]
            ends = value if link.many else [value]
            if not isinstance(ends, list):
                raise Refused("api.sta.no_list", field=name)
            draft.links[name] = [_end(target, one, name, update=update, room=room, depth=depth) for one in ends]
        else:
            raise Refused("api.sta.no_property", field=name[:40], name=name[:40], kind=kind.name)
    return draft


def _end(target: EntitySet, value: Any, name: str, *, update: bool, room: list[int], depth: int) -> Any:
    if isinstance(value, dict) and ID in value:  # whatever else is sent with it, it is there already
        return number_of(value[ID], f"{name}.{ID}")
    if update:
        raise Refused("api.sta.inline", field=name)
    return draft_of(target, value, room=room, depth=depth + 1)


def number_of(value: Any, field: str) -> int:
    """An id: a whole number above zero."""
    if type(value) is not int or not 0 < value <= LAST_ID:
        raise Refused("api.sta.no_id", field=field)
    return value

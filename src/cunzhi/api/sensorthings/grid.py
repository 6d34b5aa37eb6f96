"""Observations told as a data array: the names once, then rows."""

from typing import Any

from cunzhi.api.sensorthings.asking.options import Options
from cunzhi.api.sensorthings.context import Context
from cunzhi.base.errors import Refused
from cunzhi.perception.models import Observation

USUAL = ["id", "phenomenonTime", "result", "resultTime"]


def columns(options: Options) -> list[str]:
    """What stands in each row; ids are read in any case, to tell of which datastream a row is."""
    if options.expand:
        raise Refused("api.sta.no_option_here", name="$expand")
    names = options.select or USUAL
    options.select = [*names, "id"]
    return names


def data_array(content: dict[str, Any], names: list[str], context: Context) -> dict[str, Any]:
    """The same page, grouped by datastream."""
    rows = content["value"]
    numbers = [one["@iot.id"] for one in rows]
    streams = dict(Observation.objects.filter(pk__in=numbers).values_list("pk", "datastream_id"))
    groups: dict[int, list[Any]] = {}
    for one in rows:
        row = [one["@iot.id"] if name == "id" else one.get(name) for name in names]
        groups.setdefault(streams[one["@iot.id"]], []).append(row)
    content["value"] = [
        {
            "Datastream@iot.navigationLink": context.link("Datastreams", stream),
            "components": names,
            "dataArray@iot.count": len(found),
            "dataArray": found,
        }
        for stream, found in groups.items()
    ]
    return content

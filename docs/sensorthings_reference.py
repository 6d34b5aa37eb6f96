"""The reference of the SensorThings face, made from what the code serves."""
# ruff: noqa: E501  the text is a page

HEAD = """# SensorThings

OGC SensorThings 1.1 answers at `/sensorthings/v1.1`. Whoever asks sends a token: `Authorization: Bearer …`, or Basic with the token
as password. A person's token needs `sensors.see` to read and `sensors.manage` to change; a device's token sends values for its
thing and reads what belongs to it. How to begin: [connect a sensor](../how_to/connect_a_sensor.md). This page is made from the code
(`make reference`).
"""
PLACES = """
## What is ours beside the standard

- Ids are whole numbers and given by us. Every thing lies at a place: `properties.place_code`, or, where it is left out, the one place
  at which the caller sets up sensors. Datastreams lie where their thing does; sensors and observed properties that a county keeps
  are seen by all below it.
- `properties` of a Datastream: `every_seconds` (a value is expected so often; no word for two periods is a silence) and `days_kept`
  (for how long single values are kept; hours and days stay).
- The same datastream, moment and `parameters.key` again is answered with 200 and what is there; with another value it is 409.
- A value more than ten minutes in the future or from before 2 January 2000 is refused: the clock of the device is wrong. A value
  from before `days_kept` is refused. Late values are taken, and hours and days are corrected.
- `parameters.unit`, if it is sent, must be the symbol or the name of the datastream's unit.
- A missing `phenomenonTime` is now; a moment without zone is refused. `eq 'x'` compares text by code point; `$filter` and `$orderby`
  work inside JSON (`properties/height gt 3`). What is divided by nothing is nothing.
- Without `$orderby` entities come by id, values of one datastream by time. `@iot.nextLink` continues
  where a page ended, at any depth at the same speed.
- Refused is refused with a reason: a problem (RFC 9457) with `message`, 400 for what is wrong, 403, 404, 409, 413, 429.
- A device may send {requests} requests and {values} values a minute; whoever sends more waits, the others do not.

## MQTT

`cunzhi ingest` takes in `v1.1/Datastreams(n)/Observations` (QoS 1). A message is acknowledged when its value is committed. Values are
told on `v1.1/Observations` and `v1.1/Datastreams(n)/Observations`, each once by one `cunzhi ingest`; who was away asks over HTTP. Who
sends with MQTT 5 may name a response topic below `v1.1/answers/` and is told there what became of the value.
"""


def pages() -> dict[str, str]:
    """The page, by where it lies."""
    from cunzhi.api.sensorthings.asking.functions import FUNCTIONS, SIGNS  # noqa: PLC0415  Django is set up by then
    from cunzhi.api.sensorthings.asking.geometry import GEO  # noqa: PLC0415
    from cunzhi.api.sensorthings.asking.options import DEFAULT_TOP, MOST_TOP, NAMES  # noqa: PLC0415
    from cunzhi.api.sensorthings.served import CONFORMANCE, NOT_SERVED  # noqa: PLC0415
    from cunzhi.api.throttle import Limits  # noqa: PLC0415
    from cunzhi.perception.entities import SETS  # noqa: PLC0415

    lines = [HEAD, "\n## Entities\n\n| set | properties (* required) | links |\n| --- | --- | --- |\n"]
    for one in SETS:
        properties = ", ".join(f"{each.name}{'*' if each.required else ''}" for each in one.properties)
        links = ", ".join(f"{each.name}{'*' if each.required else ''}" for each in one.links)
        lines.append(f"| {one.name} | {properties} | {links} |\n")
    lines.append("\n## Questions\n\n")
    lines.append(f"Options, also in the brackets of `$expand`: {', '.join(f'`{name}`' for name in NAMES)}. ")
    lines.append(f"A page has {DEFAULT_TOP} entities, at most {MOST_TOP}.\n\n")
    lines.append("Functions: " + ", ".join(f"`{name}`" for name in [*FUNCTIONS, *sorted(GEO)]) + ".\n\n")
    operators = ["eq", "ne", "gt", "ge", "lt", "le", "and", "or", "not", *SIGNS]
    lines.append(
        "Operators: " + ", ".join(f"`{name}`" for name in operators) + ", and `duration'PT1H'` with moments.\n"
    )
    lines.append("\n## Conformance\n\n" + "".join(f"- `{one}`\n" for one in CONFORMANCE))
    lines.append("\nNot served:\n\n" + "".join(f"- {name}: {why}\n" for name, why in NOT_SERVED.items()))
    limits = Limits()
    lines.append(PLACES.format(requests=limits.caller, values=limits.values))
    return {"sensorthings.md": "".join(lines)}

"""Data arrays that hold nothing but moments and numbers, read by columns."""

from typing import Any

from cunzhi.api.sensorthings.bodies import ID, LAST_ID
from cunzhi.perception.runs import Run, run_of

MUST, MAY = {"Datastream", "components", "dataArray"}, {"dataArray@iot.count"}


def runs_in(body: list[Any], most: int) -> list[Run] | None:
    """The groups of a request as runs; None where one is not plain, or wrong: then `arrays` reads it and says why."""
    runs = []
    for group in body:
        run = _run(group) if isinstance(group, dict) and MUST <= group.keys() <= MUST | MAY else None
        if run is None:
            return None
        runs.append(run)
    return runs if runs and sum(len(run.at) for run in runs) <= most else None


def _run(group: dict[str, Any]) -> Run | None:
    link, names, rows = group["Datastream"], group["components"], group["dataArray"]
    number = link.get(ID) if isinstance(link, dict) and len(link) == 1 else None
    if type(number) is not int or not 0 < number <= LAST_ID:
        return None
    if names not in (["phenomenonTime", "result"], ["result", "phenomenonTime"]) or not _square(rows):
        return None
    if group.get("dataArray@iot.count", len(rows)) != len(rows):
        return None
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    return run_of(number, columns["phenomenonTime"], columns["result"])


def _square(rows: Any) -> bool:
    """Whether these are some rows of two values each."""
    return isinstance(rows, list) and {*map(type, rows)} == {list} and {*map(len, rows)} == {2}

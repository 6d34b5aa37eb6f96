"""Plain data arrays take a shorter way, at whose end everything stands as if each value had been judged alone."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stations import DATASTREAM, ROOT, Sender, device
from test_sta_arrays_batches import array, minute

from cunzhi.api import throttle
from cunzhi.api.sensorthings import arrays
from cunzhi.base import clock
from cunzhi.base.strict_json import Unreadable, load
from cunzhi.perception.models import Datastream, Observation
from cunzhi.perception.runs import run_of

LATER = ["2026-03-01T08:00:00+08:00", "2026-03-01T00:00:00Z", "2026-03-01T00:00:00.5Z", "2026-03-02T00:00:00-11:30"]
ODD = [
    "yesterday", "2026-03-01", "2026-03-01T00:00:00", "20260301T010203Z", "2026-W09-7T01:00:00Z",
    "2026-03-01 01:00:00Z", "2026-02-30T00:00:00Z", "2026-03-01T00:00:00+23:00", "2026-03-01T00:00:00.1234567Z",
    "1890-01-01T00:00:00Z", "1999-01-01T00:00:00Z", "2999-01-01T00:00:00Z",
    "2026-03-01T00:00:00Z,2026-03-01T00:01:00Z", "２026-03-01T00:00:00Z",
    "2026-03-01T00:00:00Z/2026-03-01T01:00:00Z", None, 5,
]  # fmt: skip
NUMBERS: list[Any] = [1, 2.5, -0.0, 10**30, 1e300, True, None, "wet", 1e301, 10**400, {"a": 1}, []]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(LATER * 4 + ODD) | st.integers(0, 60).map(minute), st.sampled_from(NUMBERS[:4] * 5 + NUMBERS)
    ),
    min_size=1,
    max_size=8,
)
KNOWN = ("first_at", "last_at", "first_result_at", "last_result_at", "stale_from", "stale_until", "seen_feature")


def kept(stream: int) -> list[Any]:
    """What is there afterwards, but for the numbers of rows."""
    values = Observation.objects.filter(datastream=stream).order_by("at")
    known = Datastream.objects.values_list(*KNOWN, "observed_area").get(pk=stream)
    return [list(values.values_list("at", "until", "kind", "number", "text", "key", "feature_id")), known]


def sent(cadre: Sender, stream: int, rows: list[Any]) -> tuple[int, list[str]]:
    """The status, and of each value whether it was refused and why."""
    answer = cadre.ask("POST", "/CreateObservations", [array(stream, rows)])
    told = answer.json()
    told = told if isinstance(told, list) else [told["message"]]
    return answer.status_code, [one if one.startswith("error") else one.split("(")[0] for one in told]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=ROWS, second=ROWS)
def test_short_way_and_long_way_end_alike(
    cadre: Sender, gauge: int, monkeypatch: pytest.MonkeyPatch, first: list[Any], second: list[Any]
) -> None:
    short, long = (cadre.post(f"/Things({gauge})/Datastreams", DATASTREAM) for _ in range(2))
    now = clock.now()
    for rows in (first, second, first):
        listed = [list(row) for row in rows]
        with clock.at(now):
            with monkeypatch.context() as patched:
                patched.setattr(arrays, "runs_in", lambda *_: None)
                expected = sent(cadre, long, listed)
            assert sent(cadre, short, listed) == expected
        assert expected[0] in (201, 400, 409)
    assert kept(short) == kept(long)


def test_plain_values_are_answered_in_their_order_whichever_is_new(cadre: Sender, stream: int) -> None:
    rows = [[minute(n), n] for n in (5, 3, 4, 1, 2)]
    told = cadre.ask("POST", "/CreateObservations", [array(stream, rows)]).json()
    more = [[minute(n), n] for n in (0, 5, 3, 9, 1, 9)] + [[minute(4), 99]]
    again = cadre.ask("POST", "/CreateObservations", [array(stream, more)]).json()
    found = {link.removeprefix("http://testserver" + ROOT): n for link, n in zip(told, (5, 3, 4, 1, 2), strict=True)}
    assert {link: cadre.get(link)["result"] for link in found} == found
    assert (again[1], again[2], again[4], again[3]) == (told[0], told[1], told[3], again[5])
    assert [one.startswith("error") for one in again] == [False] * 6 + [True]
    assert Observation.objects.count() == 7


def test_second_value_of_a_moment_is_refused_also_where_both_are_new(cadre: Sender, stream: int) -> None:
    told = cadre.ask("POST", "/CreateObservations", [array(stream, [[minute(1), 1], [minute(1), 2]])]).json()
    assert [one.startswith("error: result") for one in told] == [False, True]
    assert Observation.objects.get().number == 1


def test_several_datastreams_in_one_request(cadre: Sender, gauge: int, stream: int) -> None:
    other = cadre.post(f"/Things({gauge})/Datastreams", DATASTREAM)
    parts = [
        array(other, [[minute(1), 1], [minute(2), 2]]),
        array(stream, [[minute(1), 3]]),
        array(other, [[minute(3), 4]]),
    ]
    told = cadre.ask("POST", "/CreateObservations", parts).json()
    assert [cadre.get(link.removeprefix("http://testserver" + ROOT))["result"] for link in told] == [1, 2, 3, 4]
    parts[1]["Datastream"] = {"@iot.id": 999_999}
    answer = cadre.ask("POST", "/CreateObservations", parts).json()
    assert [one.startswith("error") for one in answer] == [False, False, True, False]


def test_values_behind_what_a_datastream_knows_are_still_known_again(cadre: Sender, stream: int) -> None:
    """Its reach says that all is new, its rows that it is not: the rows are right."""
    rows = [[minute(1), 1], [minute(2), 2]]
    told = cadre.ask("POST", "/CreateObservations", [array(stream, rows)]).json()
    Datastream.objects.update(first_at=None, last_at=None)
    assert cadre.ask("POST", "/CreateObservations", [array(stream, rows)]).json() == told
    assert Observation.objects.count() == 2


def test_device_is_counted_once_whichever_way_its_values_go(
    gauge: int, stream: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "LIMITS", throttle.Limits(caller=50, values=30))
    logger = device(gauge)
    spoilt = [[minute(n), n] for n in range(19)] + [["2999-01-01T00:00:00Z", 1]]
    assert logger.ask("POST", "/CreateObservations", [array(stream, spoilt)]).status_code == 201
    assert logger.ask("POST", "/CreateObservations", [array(stream, spoilt[:5])]).status_code == 201
    assert logger.ask("POST", "/CreateObservations", [array(stream, spoilt[:10])]).status_code == 429


def test_only_one_spelling_of_moments_is_plain() -> None:
    assert run_of(1, LATER, [1, 2, 3, 4]) is not None
    for odd in ODD:
        assert run_of(1, [LATER[0], odd], [1, 2]) is None or odd in (ODD[10], ODD[11])
    assert run_of(1, [f"{LATER[0]},{LATER[1]}", LATER[2]], [1, 2]) is None
    assert run_of(1, [], []) is None
    for beyond in (1e301, -1e301, 10**400, float("inf"), float("nan"), True, "1"):
        assert run_of(1, LATER[:2], [1, beyond]) is None


def test_odd_characters_are_found_however_they_are_written() -> None:
    for text in (r'["\u0000"]', r'["\ud800"]', r'{"\u0000": 1}', '["\0"]', r'["a\\\u0000"]'):
        with pytest.raises(Unreadable):
            load(text.encode())
    assert load(json.dumps(["\\u0000", "村"]).encode()) == ["\\u0000", "村"]

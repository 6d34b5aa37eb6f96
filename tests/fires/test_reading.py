"""Every way in which FIRMS writes the same thing, and every way in which a file can be wrong."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fires.rows import MODIS, NOW, VIIRS, file, viirs

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.fires.reading import LinesRefused, read

LINE = "29.4,106.54,331.2,0.39,0.36,2026-10-29,{time},{satellite},VIIRS,{confidence},2.0NRT,290.1,4.52,D"
MODIS_LINE = "29.4,106.54,331.2,1.2,1.1,2026-10-29,0230,{satellite},MODIS,{confidence},6.1NRT,290.1,14.5,D"


@pytest.fixture(autouse=True)
def on_the_day() -> Iterator[None]:
    with clock.at(NOW):
        yield


def with_line(time: str = "46", satellite: str = "N", confidence: str = "n") -> bytes:
    return file(LINE.format(time=time, satellite=satellite, confidence=confidence))


@pytest.mark.parametrize(
    ("time", "hour", "minute"),
    [("46", 0, 46), ("0046", 0, 46), ("00:46", 0, 46), ("6", 0, 6), ("0", 0, 0), ("146", 1, 46), ("0530", 5, 30)],
)
def test_times_are_utc_however_they_are_written(time: str, hour: int, minute: int) -> None:
    assert read(with_line(time=time))[0].at == datetime(2026, 10, 29, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize("time", ["", "24:00", "2460", "0060", "12345", "-1", "1:30", "noon", "٤٦", "1.5"])
def test_time_that_is_none_is_refused(time: str) -> None:
    with pytest.raises(LinesRefused) as refused:
        read(with_line(time=time))
    assert [(one.line, one.refused.code) for one in refused.value.problems] == [(2, "fires.moment")]


@pytest.mark.parametrize(
    ("given", "kept"),
    [("l", "low"), ("n", "nominal"), ("h", "high"), ("low", "low"), ("Nominal", "nominal"), ("high", "high")],
)
def test_confidence_of_viirs_is_letters_or_words(given: str, kept: str) -> None:
    assert read(with_line(confidence=given))[0].confidence == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [("0", "low"), ("29", "low"), ("30", "nominal"), ("79", "nominal"), ("80", "high"), ("100", "high")],
)
def test_confidence_of_modis_is_per_cent(given: str, kept: str) -> None:
    [reading] = read(file(MODIS_LINE.format(satellite="T", confidence=given), header=MODIS))
    assert (reading.confidence, reading.satellite, reading.instrument) == (kept, "Terra", "modis")


@pytest.mark.parametrize("given", ["", "101", "-1", "n", "50.5"])
def test_confidence_of_modis_that_is_none_is_refused(given: str) -> None:
    with pytest.raises(LinesRefused, match="confidence"):
        read(file(MODIS_LINE.format(satellite="Aqua", confidence=given), header=MODIS))


@pytest.mark.parametrize("given", ["", "50", "x"])
def test_confidence_of_viirs_that_is_none_is_refused(given: str) -> None:
    with pytest.raises(LinesRefused, match="confidence"):
        read(with_line(confidence=given))


@pytest.mark.parametrize(
    ("given", "kept"), [("N", "N"), ("N20", "N20"), ("1", "N20"), ("N21", "N21"), ("2", "N21"), ("NOAA-21", "N21")]
)
def test_satellites_have_many_names(given: str, kept: str) -> None:
    assert read(with_line(satellite=given))[0].satellite == kept


def test_satellite_that_does_not_carry_the_instrument_is_refused() -> None:
    with pytest.raises(LinesRefused, match="does not carry VIIRS"):
        read(with_line(satellite="Terra"))


def test_archive_knows_the_type_and_is_standard() -> None:
    [reading] = read(file(viirs(version="2", kind="2"), archive=True))
    assert (reading.kind, reading.standard) == (2, True)
    [reading] = read(file(viirs()))
    assert (reading.kind, reading.standard) == (None, False)


def test_columns_may_stand_in_another_order_and_there_may_be_more() -> None:
    data = (
        "country_id,acq_date,acq_time,longitude,latitude,daynight,version,confidence,satellite,bright_ti4\n"
        "CHN,2026-10-29,46,106.54,29.4,N,2.0NRT,h,N,330\n"
    )
    [reading] = read(data.encode())
    assert (reading.latitude, reading.longitude, reading.power, reading.by_day) == (29.4, 106.54, None, False)


def test_regional_file_without_instrument_with_mark_and_crlf() -> None:
    header = VIIRS.replace("instrument,", "")
    line = LINE.format(time="0046", satellite="N", confidence="nominal").replace("VIIRS,", "")
    assert len(read(b"\xef\xbb\xbf" + f"{header}\r\n{line}\r\n".encode())) == 1


def test_header_alone_means_no_fires() -> None:
    assert read(VIIRS.encode()) == []
    assert read(file()) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"Invalid MAP_KEY.", "fires.no_table"),
        (b"Exceeding allowed transaction limit", "fires.no_table"),
        (b"<html><body>503</body></html>", "fires.no_table"),
        (b"", "fires.empty"),
        (b"\n\n", "fires.empty"),
        (b"\xff\xfe\x00", "fires.no_text"),
        (b"latitude,longitude\n1,2\n", "fires.columns"),
        (VIIRS.replace("scan", "latitude").encode() + b"\n", "fires.columns_twice"),
        (VIIRS.encode() + b'\n"29.4,106', "fires.no_csv"),
    ],
)
def test_what_is_no_table_is_never_read_as_no_fires(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read(data)
    assert refused.value.code == code
    assert refused.value.say("zh-hans") and refused.value.say("en")


def test_file_cut_at_any_byte_is_refused_or_whole() -> None:
    """Whatever is left is either refused or holds only whole rows, never a number that lost its end."""
    whole = file(viirs(), viirs(latitude=29.41), viirs(latitude=29.42))
    readings = read(whole)
    for length in range(len(VIIRS) + 1, len(whole)):
        try:
            found = read(whole[:length])
        except Refused:
            continue
        assert found == readings[: len(found)]


def test_last_line_without_an_end_counts_only_where_it_cannot_have_lost_anything() -> None:
    data = b"latitude,longitude,acq_date,acq_time,satellite,confidence,version,daynight,bright_ti4,frp\n"
    row = b"29.4,106.54,2026-10-29,46,N,n,2.0NRT,D,330,4.52"
    assert len(read(data + row + b"\n")) == 1
    with pytest.raises(LinesRefused):
        read(data + row)


@pytest.mark.parametrize(
    "change",
    [
        ("29.4,", "91,"), ("29.4,", "nan,"), ("29.4,", "inf,"), ("29.4,", ","), ("29.4,", "2_9,"), ("106.54", "181"),
        ("4.52", "-1"), ("4.52", "1e999"), (",D", ",X"), (",D", ","), ("2.0NRT", ""), ("2026-10-29", "2026-13-29"),
        ("2026-10-29", "29/10/2026"), ("2026-10-29", "2026-10-30"), ("2026-10-29", "1970-01-01"), (",N,", ",X9,"),
    ],
)  # fmt: skip
def test_wrong_value_is_refused_with_its_line_and_nothing_is_kept(change: tuple[str, str]) -> None:
    line = LINE.format(time="0946", satellite="N", confidence="n").replace(*change)
    with pytest.raises(LinesRefused) as refused:
        read(file(viirs(), line, viirs()))
    assert [one.line for one in refused.value.problems] == [3]
    assert "3" in refused.value.say("zh-hans") and "3" in refused.value.say("en")


def test_time_a_little_ahead_of_our_clock_is_taken() -> None:
    assert read(file(viirs(at=NOW + timedelta(minutes=30))))
    with pytest.raises(LinesRefused, match="future"):
        read(file(viirs(at=NOW + timedelta(hours=2))))


SEEN = Path(__file__).parent / "seen"


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("viirs_archive.csv", ("N", "2021-01-01 02:30", "nominal", 1.67, True, 0, True)),
        ("viirs_noaa20_nrt.csv", ("N20", "2021-04-01 19:24", "nominal", 2.1, False, None, False)),
        ("viirs_api.csv", ("N20", "2026-01-18 04:38", "nominal", 3.44, False, None, False)),
        ("modis_nrt.csv", ("Terra", "2020-01-01 00:50", "nominal", 22.5, True, None, False)),
        ("modis_archive.csv", ("Terra", "2021-04-01 15:41", "high", 10.0, False, 0, True)),
        ("modis_api.csv", ("Terra", "2026-01-18 02:00", "high", 66.14, False, None, False)),
    ],
)
def test_rows_that_firms_gave_out_are_read(name: str, first: tuple[object, ...]) -> None:
    one = read((SEEN / name).read_bytes())[0]
    told = (one.satellite, f"{one.at:%Y-%m-%d %H:%M}", one.confidence, one.power, one.by_day, one.kind, one.standard)
    assert told == first


def test_minute_after_midnight_is_one_digit_in_what_firms_gave_out() -> None:
    times = [f"{one.at:%H:%M}" for one in read((SEEN / "viirs_api.csv").read_bytes())]
    assert times == ["04:38", "00:01", "01:09"]

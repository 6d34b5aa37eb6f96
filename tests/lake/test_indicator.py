"""An indicator is one SELECT of a closed kind; all else is refused by file and line."""

from string import printable

import pytest
from doings import HEADER
from hypothesis import given
from hypothesis import strategies as st

from cunzhi.lake.indicator import IndicatorRefused, read_indicator

GROUP = "GROUP BY place_code, closed_month"
GOOD = f"SELECT place_code AS place, closed_month AS period, COUNT(*) AS value FROM cases {GROUP}"


def refusal(select: str, **words: frozenset[str]) -> str:
    with pytest.raises(IndicatorRefused) as caught:
        read_indicator(HEADER + select, name="points/indicators/one.sql", words=words)
    return str(caught.value)


def with_value(value: str) -> str:
    return GOOD.replace("COUNT(*)", value)


def with_where(where: str) -> str:
    return GOOD.replace("GROUP", f"WHERE {where} GROUP")


def test_indicator_is_read_with_its_header() -> None:
    read = read_indicator(HEADER + GOOD, name="points/indicators/closed.sql", scenario="points")
    assert (read.name, read.scenario, read.table, read.month) == ("closed", "points", "cases", "closed_month")
    assert (read.header.title.zh_Hans, read.header.unit.en, read.header.better) == ("办结数", "cases", "more")


@pytest.mark.parametrize(
    ("select", "said"),
    [
        ("", ":1: one SELECT is needed"),
        ("DROP TABLE engine_case", ":6: one SELECT is needed"),
        ("DELETE FROM cases", ":6: one SELECT is needed"),
        (f"{GOOD}; DROP TABLE engine_case", ":6: one SELECT is needed"),
        (f"{GOOD} UNION ALL {GOOD}", ":6: one SELECT is needed"),
        ("PRAGMA query_only = OFF", ":6: one SELECT is needed"),
        ("COPY engine_case TO '/tmp/x'", ":6: "),
        ("SELECT 'never ended", ":1: not readable"),
        (f"WITH cases AS (SELECT * FROM registry_person) {GOOD}", "`WITH` is not allowed"),
        (f"{GOOD} ORDER BY place", "`ORDER BY` is not allowed"),
        (f"{GOOD} LIMIT 1", "`LIMIT` is not allowed"),
        (f"{GOOD} HAVING COUNT(*) > 5", "`HAVING` is not allowed"),
        (f"{GOOD} FOR UPDATE", "`LOCKS` is not allowed"),
        (GOOD.replace("SELECT", "SELECT DISTINCT"), "`DISTINCT` is not allowed"),
        (GOOD.replace("cases", "cases JOIN steps ON 1 = 1"), "`JOIN` is not allowed"),
        (GOOD.replace("cases", "cases, registry_person"), "`JOIN` is not allowed"),
        (GOOD.replace("cases", "registry_person"), "there is no table 'registry_person'"),
        (GOOD.replace("cases", "case"), "did you mean 'cases'?"),
        (GOOD.replace("cases", "public.cases"), "FROM names one table"),
        (GOOD.replace("cases", "cases AS c"), "FROM names one table"),
        (GOOD.replace("cases", "(SELECT * FROM registry_person)"), "FROM names one table"),
        (GOOD.replace("cases", "generate_series(1, 9)"), "FROM names one table"),
        (GOOD.replace(GROUP, ""), "the grouping must be"),
        (GOOD.replace(GROUP, "GROUP BY place_code"), "the grouping must be"),
        (GOOD.replace(GROUP, "GROUP BY ROLLUP (place_code, closed_month)"), "the grouping must be"),
        (GOOD.replace("place_code AS place", "workflow AS place"), "the place is `place_code AS place`"),
        (GOOD.replace("closed_month", "workflow"), "the period is one of opened_month, closed_month"),
        (GOOD.replace("AS value", "AS number"), "the columns must be place, period, value"),
        (GOOD.replace("place_code AS place,", ""), "the columns must be place, period, value"),
        (GOOD.replace("COUNT(*)", "COUNT(*), COUNT(*)"), "the columns must be place, period, value"),
    ],
)
def test_indicator_of_another_shape_is_refused(select: str, said: str) -> None:
    assert said in refusal(select)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("pg_sleep(60)", "PG_SLEEP is not allowed"),
        ("COUNT(pg_read_file('/etc/passwd'))", "PG_READ_FILE is not allowed"),
        ("COUNT(*) OVER ()", "WINDOW is not allowed"),
        ("COUNT(*) FILTER (WHERE helped)", "FILTER is not allowed"),
        ("(SELECT COUNT(*) FROM registry_person)", "SUBQUERY is not allowed"),
        ("COUNT((SELECT name FROM registry_person))", "SUBQUERY is not allowed"),
        ("CAST(COUNT(*) AS text)", "CAST is not allowed"),
        ("COUNT(*) % 2", "MOD is not allowed"),
        ("COUNT(:place)", "PLACEHOLDER is not allowed"),
        ("COUNT(opener_id)", "there is no column 'opener_id'"),
        ("COUNT(cases.id)", "this form of COLUMN is not allowed"),
        ("COUNT(helpd)", "did you mean 'helped'?"),
        ("1", "the value counts nothing"),
        ("COUNT(*) + hours_to_close", "must stand inside an aggregate"),
        ("SUM(COUNT(*))", "stands inside another aggregate"),
        ("SUM(DISTINCT hours_to_close)", "DISTINCT is not allowed"),
        ("SUM(was_late)", "write CASE WHEN … THEN 1 ELSE 0 END"),
        ("SUM(workflow)", "is a text: a number is needed here"),
        ("MAX(closed_day)", "is a day: a number is needed here"),
        ("SUM(CASE WHEN helped THEN 1 ELSE 'no' END)", "may give number or text"),
        ("SUM(CASE workflow WHEN 'deed' THEN 1 END)", "this form of CASE is not allowed"),
        ("COUNT(DISTINCT id, household_id)", "takes one column"),
    ],
)
def test_indicator_with_another_value_is_refused(value: str, said: str) -> None:
    assert said in refusal(with_value(value))


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("COUNT(*) > 3", "stands in the value only"),
        ("workflow LIKE 'd%'", "LIKE is not allowed"),
        ("EXISTS (SELECT 1 FROM registry_person)", "EXISTS is not allowed"),
        ("workflow IN (SELECT name FROM registry_person)", "this form of IN is not allowed"),
        ("workflow = 3", "compares a text with a number"),
        ("workflow > 'a'", "only numbers, days and months have an order"),
        ("closed_day > '2026-2-1'", "'2026-2-1' is no day"),
        ("closed_month BETWEEN '2026-01' AND '2026'", "'2026' is no month"),
        ("household_id = 12", "can be counted or asked for NULL, but not compared"),
        ("place_code = '500113101200'", "can be counted or asked for NULL, but not compared"),
        ("outcome = NULL", "write IS NULL"),
        ("helped IS TRUE", "IS stands before NULL or NOT NULL only"),
        ("hours_to_close", "a truth is needed here"),
    ],
)
def test_indicator_with_another_condition_is_refused(where: str, said: str) -> None:
    assert said in refusal(with_where(where))


@pytest.mark.parametrize(
    "where",
    [
        "workflow = 'deed' AND NOT (outcome <> 'granted' OR was_late)",
        "closed_day BETWEEN '2026-01-05' AND '2026-01-20' AND subject_id IS NOT NULL",
        "hours_to_close / 24 <= 3.5 AND outcome IN ('granted', 'done')",
        "COALESCE(hours_to_close, 0) > -1 -- a remark",
        "CASE WHEN helped THEN 1 ELSE 2 END = 1",
    ],
)
def test_indicator_with_an_ordinary_condition_is_taken(where: str) -> None:
    assert read_indicator(HEADER + with_where(f"{where}\n"), name="x.sql").where is not None


def test_refusal_names_file_and_line_of_every_mistake() -> None:
    columns = "place_code AS place, closed_month AS period,\n SUM(amount) AS value"
    select = f"SELECT {columns}\nFROM cases\nWHERE state = 1\n{GROUP}"
    lines = refusal(select).splitlines()
    assert [line.split(": ")[0] for line in lines] == ["points/indicators/one.sql:7", "points/indicators/one.sql:9"]


def test_word_that_the_scenario_does_not_know_is_refused() -> None:
    said = refusal(with_where("state IN ('closed', 'wating')"), state=frozenset({"waiting", "closed"}))
    assert "state is never 'wating' in this scenario: did you mean 'waiting'?" in said


@pytest.mark.parametrize(
    ("line", "instead", "said"),
    [
        ("-- unit_en: cases\n", "", ":1: the comment header lacks unit_en"),
        ("-- better: more", "-- better: higher", ":1: better: 'higher' is not known"),
        ("title_en", "titel_en", ":2: titel_en: unknown; did you mean 'title_en'?"),
        ("-- better", "-- unit_en: again\n-- better", ":5: unit_en: stands twice"),
    ],
)
def test_header_that_is_wrong_is_refused(line: str, instead: str, said: str) -> None:
    with pytest.raises(IndicatorRefused) as caught:
        read_indicator(HEADER.replace(line, instead) + GOOD, name="one.sql")
    assert said in str(caught.value)


@given(st.text(printable, max_size=60), st.integers(0, len(GOOD)))
def test_any_text_is_either_read_or_refused(noise: str, where: int) -> None:
    """Whatever is written into the file, nothing but a refusal comes of it, and it names the file."""
    try:
        read_indicator(HEADER + GOOD[:where] + noise + GOOD[where:], name="one.sql")
    except IndicatorRefused as error:
        assert all(problem.name == "one.sql" and problem.line >= 1 for problem in error.problems)
        assert error.problems

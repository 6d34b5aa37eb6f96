"""Sentences say what their cells say, and the check finds those that do not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_study import Ran

from cunzhi.base.text import Text
from cunzhi.studies.results import Cell, Claim, Row, Sentence, Table
from cunzhi.studies.sentences import Contradiction, check, sentence
from cunzhi.studies.words import plain


def table(low: float, high: float, p: float) -> Table:
    ends = Row("without_unit", plain("units"), (Cell("x", None, None, {"low": low, "high": high}),))
    drawn = Row("placebo", plain("placebo"), (Cell(), Cell(), Cell("p", None, p)))
    return Table("robustness", plain("title"), (plain("a"), plain("b")), (ends, drawn))


def of(found: Table) -> Sentence:
    claims = [
        Claim("low", "number", "robustness", "without_unit", 0, "low"),
        Claim("high", "number", "robustness", "without_unit", 0, "high"),
        Claim("p", "p", "robustness", "placebo", 2),
    ]
    return sentence({"robustness": found}, "robustness", claims, {})


NUMBERS = st.floats(-1e6, 1e6)


@given(low=NUMBERS, high=NUMBERS, p=st.floats(0, 1))
def test_sentence_made_from_cells_passes(low: float, high: float, p: float) -> None:
    found = table(low, high, p)
    check(of(found), {"robustness": found})


@given(low=NUMBERS, step=st.floats(0.002, 10))
def test_sentence_with_a_moved_cell_is_caught(low: float, step: float) -> None:
    made = of(table(low, 1.0, 0.5))
    with pytest.raises(Contradiction):
        check(made, {"robustness": table(low + step, 1.0, 0.5)})


def test_wrong_number_in_the_words_is_caught(ran: Ran) -> None:
    tables = {one.key: one for one in ran.done.results.tables}
    good = next(one for one in ran.done.results.sentences if one.key == "slope_sd" and one.claims[0].column == 1)
    beta = tables["benchmark"].cell("treatment", 1).text.rstrip("*")
    assert beta in good.text.en
    wrong = replace(good, text=Text(zh_Hans=good.text.zh_Hans, en=good.text.en.replace(beta, "0.999")))
    with pytest.raises(Contradiction, match=r"0\.999 stands in no cell"):
        check(wrong, tables)


def test_wrong_word_is_caught(ran: Ran) -> None:
    tables = {one.key: one for one in ran.done.results.tables}
    good = next(one for one in ran.done.results.sentences if one.key == "slope_sd")
    wrong = replace(good, text=Text(zh_Hans=good.text.zh_Hans, en=good.text.en.replace("higher by 0", "lower by 0")))
    with pytest.raises(Contradiction, match="the cells say"):
        check(wrong, tables)


def test_sentence_says_what_was_standardised(ran: Ran) -> None:
    tables = {one.key: one for one in ran.done.results.tables}
    said = next(one for one in ran.done.results.sentences if one.key == "slope_sd" and one.claims[0].column == 1)
    deviation = tables["summary"].cell("nqpf", 2).text
    assert f"one standard deviation ({deviation} in its own units)" in said.text.en


def test_claim_without_a_cell_is_caught() -> None:
    with pytest.raises(Contradiction, match="no cell"):
        sentence({}, "robustness", [Claim("low", "number", "robustness", "nothing", 0)], {})

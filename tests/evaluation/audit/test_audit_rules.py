"""Rules find what contradicts itself, and numbers worked out by hand or by our own estimators."""

from fractions import Fraction

import pytest

from cunzhi.evaluation.audit.agreement import said_level, said_number, said_order, said_sign, same_cell
from cunzhi.evaluation.audit.arithmetic import (
    Formula,
    check_difference,
    check_growth,
    check_mean,
    check_point_gap,
    check_ratio,
    check_sum,
)
from cunzhi.evaluation.audit.artefacts import mixed_precision, unreadable
from cunzhi.evaluation.audit.check import Severity
from cunzhi.evaluation.audit.claims import check_evidence, check_standardised, check_trend
from cunzhi.evaluation.audit.interval import Interval
from cunzhi.evaluation.audit.mediation import check_identity, check_product_test, product_tests
from cunzhi.evaluation.audit.printed import Cell, Place, read_cell
from cunzhi.evaluation.audit.sample import Gain, check_gain, check_instrument, check_sample
from cunzhi.evaluation.audit.stars import FEW, NORMAL, Bracket, Reference, check_stars
from cunzhi.evaluation.audit.weights import Whole, check_weights
from cunzhi.evaluation.panel.mediation import product_tests as by_points

LEVELS = (Fraction(1, 10), Fraction(1, 20), Fraction(1, 100))
SENTENCE = Place(sentence="1: “…”")


def cell(text: str, column: str = "(1)", row: str = "x") -> Cell:
    return read_cell(text, Place("1", row, column))


@pytest.mark.parametrize(
    ("text", "bracket", "severity"),
    [
        ("0.342*** (0.048)", Bracket.STANDARD_ERROR, Severity.HELD),
        ("0.342* (0.048)", Bracket.STANDARD_ERROR, Severity.ERROR),
        ("0.342 (0.048)", Bracket.STANDARD_ERROR, Severity.ERROR),
        ("0.082** (0.042)", Bracket.STANDARD_ERROR, Severity.NOTE),
        ("0.056*** (0.082)", Bracket.STANDARD_ERROR, Severity.ERROR),
        ("0.342*** (7.13)", Bracket.T, Severity.HELD),
        ("0.342*** (7.13)", Bracket.UNKNOWN, Severity.HELD),
        ("0.342*** (0.002)", Bracket.P, Severity.HELD),
        ("0.342** (0.200)", Bracket.P, Severity.ERROR),
        ("0.342*** (0.00)", Bracket.STANDARD_ERROR, Severity.UNCHECKED),
        ("0.865**", Bracket.STANDARD_ERROR, Severity.UNCHECKED),
    ],
)
def test_stars_under_normal_and_t(text: str, bracket: Bracket, severity: Severity) -> None:
    references = (NORMAL, Reference("t(69)", 69), Reference("t(37)", 37))
    assert check_stars(cell(text), levels=LEVELS, references=references, bracket=bracket).severity is severity


def test_stars_eaten_by_bold_are_explained() -> None:
    found = check_stars(cell("**0.342*** (0.048)"), levels=LEVELS, references=(NORMAL,), bracket=Bracket.STANDARD_ERROR)
    assert (found.severity, found.expected, found.because) == (Severity.ERROR, "***", ("bold_asterisks",))


def test_stars_with_unknown_observations_may_come_from_few() -> None:
    found = check_stars(cell("0.500* (0.200)"), levels=LEVELS, references=(NORMAL, FEW), bracket=Bracket.STANDARD_ERROR)
    assert found.severity is Severity.NOTE


def test_same_cell_names_the_difference() -> None:
    first, second = cell("<b>0.342*</b> (0.048)"), cell("0.342*** (0.048)", "(2)")
    assert [found.severity for found in same_cell(first, second)] == [Severity.HELD, Severity.HELD, Severity.ERROR]
    assert same_cell(cell("0.34"), cell("0.342"))[0].severity is Severity.HELD
    assert same_cell(cell("0.34"), cell("0.352"))[0].severity is Severity.ERROR
    assert same_cell(cell("YES"), cell("yes"))[0].severity is Severity.HELD


@pytest.mark.parametrize(("a", "b"), [("0.285 (0.042)", "0.462 (0.065)"), ("-0.315 (0.055)", "0.421 (0.060)")])
def test_product_tests_hold_our_own_and_refuse_others(a: str, b: str) -> None:
    first, second = cell(a), cell(b)
    numbers = [float(part.value) for one in (first, second) for part in (one.number, one.bracket) if part]
    for name, point in zip(("Sobel", "Aroian", "Goodman"), by_points(*numbers), strict=True):
        reach = product_tests(first, second)[name]
        assert float(reach.low) < point.z < float(reach.high)
        assert check_product_test(first, second, cell(f"{point.z:.2f}")).severity is Severity.HELD
    assert check_product_test(first, second, cell("3.85")).severity is Severity.ERROR


def test_product_test_from_t_and_without_its_sign() -> None:
    a, b = cell("-0.285 (-6.79)"), cell("0.462 (7.11)")
    assert check_product_test(a, b, cell("-4.91"), bracket=Bracket.T).severity is Severity.HELD
    assert check_product_test(a, b, cell("4.91"), bracket=Bracket.T).severity is Severity.HELD
    assert check_product_test(a, b, cell("-3.85"), bracket=Bracket.T).severity is Severity.ERROR
    assert check_product_test(a, b, cell("3.85"), bracket=Bracket.P).severity is Severity.UNCHECKED


def test_gain_in_r2_against_p_is_not_checked() -> None:
    gain = Gain(cell("0.462 (0.065)"), cell("0.521"), cell("0.594"), Interval(Fraction(107), Fraction(111)))
    assert check_gain(gain, bracket=Bracket.P).severity is Severity.UNCHECKED


def test_product_test_without_standard_error_is_not_checked() -> None:
    assert check_product_test(cell("0.285"), cell("0.4 (0.1)"), cell("2.0")).severity is Severity.UNCHECKED


@pytest.mark.parametrize(
    ("direct", "a", "b", "same_rows", "severity"),
    [
        ("0.210", "0.285", "0.462", True, Severity.HELD),
        ("0.198", "0.315", "0.421", False, Severity.WARNING),
        ("0.198", "0.315", "0.421", True, Severity.ERROR),
        ("YES", "0.315", "0.421", True, Severity.UNCHECKED),
    ],
)
def test_total_less_direct_is_the_product(direct: str, a: str, b: str, same_rows: bool, severity: Severity) -> None:
    found = check_identity(total=cell("0.342"), direct=cell(direct), a=cell(a), b=cell(b), same_rows=same_rows)
    assert found.severity is severity


@pytest.mark.parametrize(
    ("printed", "key"), [("114", "held"), ("115", "sample_more"), ("108", "sample_units"), ("109", "sample_fewer")]
)
def test_observations_against_units_and_periods(printed: str, key: str) -> None:
    assert check_sample(cell(printed), units=38, periods=3).key == key


@pytest.mark.parametrize(
    ("added", "having", "classical", "severity"),
    [
        ("0.462 (0.104)", "0.594", True, Severity.HELD),
        ("0.462 (0.065)", "0.594", True, Severity.ERROR),
        ("0.462 (0.065)", "0.594", False, Severity.WARNING),
        ("0.462 (0.085)", "0.594", False, Severity.NOTE),
        ("0.462 (0.065)", "0.500", False, Severity.ERROR),
        ("0.462", "0.594", True, Severity.UNCHECKED),
    ],
)
def test_gain_in_r2_against_t(added: str, having: str, classical: bool, severity: Severity) -> None:
    gain = Gain(cell(added), cell("0.521"), cell(having), Interval(Fraction(107), Fraction(111)), classical)
    assert check_gain(gain).severity is severity


@pytest.mark.parametrize(
    ("varies", "word", "severity"),
    [("units", "YES", Severity.ERROR), ("units", "NO", Severity.HELD), ("both", "YES", Severity.HELD)],
)
def test_instrument_that_effects_take_out(varies: str, word: str, severity: Severity) -> None:
    found = check_instrument(cell("telephones"), cell(word), cell("0.389"), varies=varies, absorbed_by="units")
    assert found.severity is severity


def test_mean_sum_difference_and_ratio() -> None:
    parts = [cell("36.2"), cell("23.9"), cell("22.1"), cell("22.9"), cell("16.6")]
    assert check_mean(cell("24.34"), parts).severity is Severity.HELD
    assert check_mean(cell("24.44"), parts).severity is Severity.ERROR
    assert check_sum(cell("121.7"), parts).severity is Severity.HELD
    assert check_sum(cell("122.7"), parts).severity is Severity.ERROR
    assert check_difference(cell("28161"), cell("46942"), cell("18781")).severity is Severity.HELD
    assert check_difference(cell("24.34"), cell("80.3"), cell("72")).severity is Severity.ERROR
    assert check_ratio(cell("2.5"), cell("46942"), cell("18781")).severity is Severity.HELD
    assert check_ratio(cell("40.0%"), cell("18781"), cell("46942")).severity is Severity.HELD
    assert check_ratio(cell("2.6"), cell("46942"), cell("18781")).severity is Severity.ERROR
    assert check_ratio(cell("2.6"), cell("1"), cell("0.0")).severity is Severity.UNCHECKED


def test_figures_cut_off_are_a_note() -> None:
    found = check_ratio(cell("1.66"), cell("500000"), cell("300000"))
    assert (found.severity, found.because) == (Severity.NOTE, ("cut_off",))


@pytest.mark.parametrize(
    ("growth", "formulas", "severity"),
    [
        ("13.9%", (Formula.COMPOUND,), Severity.HELD),
        ("13.9%", (Formula.MEAN,), Severity.HELD),
        ("13.0%", (Formula.COMPOUND, Formula.MEAN), Severity.WARNING),
        ("13.0%", (Formula.LOG,), Severity.HELD),
        ("14.8%", (Formula.SIMPLE,), Severity.HELD),
        ("6.3%", (Formula.COMPOUND,), Severity.WARNING),
        ("20.0%", (Formula.COMPOUND,), Severity.ERROR),
    ],
)
def test_growth_by_each_formula(growth: str, formulas: tuple[Formula, ...], severity: Severity) -> None:
    series = [cell("42.5"), cell("48.3"), cell("55.1")]
    assert check_growth(cell(growth), series, formulas=formulas).severity is severity


@pytest.mark.parametrize(
    ("gap", "severity"),
    [("24.34%", Severity.WARNING), ("24.34", Severity.HELD), ("30.3%", Severity.HELD), ("43.4%", Severity.HELD)],
)
def test_gap_of_percentages(gap: str, severity: Severity) -> None:
    assert check_point_gap(cell(gap), cell("80.3"), cell("56.0")).severity is severity


def whole(period: int, *texts: str) -> Whole:
    national, first, second = (cell(text, row=str(period)) for text in texts)
    return Whole(national, first, second, period)


def test_national_mean_outside_its_parts_is_an_error() -> None:
    found = check_weights([whole(0, "81.0", "80.3", "56.0")], largest_step=Fraction(1, 50))
    assert [check.severity for check in found] == [Severity.ERROR]


def test_weights_that_jump_are_a_warning() -> None:
    smooth = [whole(0, "50.0", "60.0", "40.0"), whole(1, "50.2", "60.0", "40.0")]
    jumping = [*smooth, whole(2, "55.0", "60.0", "40.0")]
    assert check_weights(smooth, largest_step=Fraction(1, 50))[-1].severity is Severity.HELD
    assert check_weights(jumping, largest_step=Fraction(1, 50))[-1].severity is Severity.WARNING


def test_weights_of_equal_parts_cannot_be_told() -> None:
    assert check_weights([whole(0, "50", "50", "50")], largest_step=Fraction(1, 50))[0].severity is Severity.UNCHECKED


def test_sentence_with_the_number_of_another_cell_is_explained() -> None:
    found = said_number(cell("72%"), cell("56", "rural"), [cell("72", "countrywide"), cell("80.3", "urban")])
    assert (found.severity, found.because) == (Severity.ERROR, ("other_cell",))
    assert "countrywide" in str(found.blanks["elsewhere"])
    assert said_number(cell("28,161"), cell("28160")).severity is Severity.NOTE
    assert said_number(cell("2.5"), cell("2.45")).severity is Severity.HELD


@pytest.mark.parametrize(
    ("text", "level", "severity"),
    [
        ("0.3***", Fraction(1, 100), Severity.HELD),
        ("0.3*", Fraction(1, 100), Severity.ERROR),
        ("0.3*", None, Severity.HELD),
        ("0.3", None, Severity.ERROR),
        ("0.3", Fraction(0), Severity.HELD),
    ],
)
def test_level_that_a_sentence_says(text: str, level: Fraction | None, severity: Severity) -> None:
    assert said_level(SENTENCE, cell(text), level=level, levels=LEVELS, possible=set()).severity is severity


def test_sign_order_and_trend_that_a_sentence_says() -> None:
    assert said_sign(SENTENCE, cell("-0.056"), positive=False).severity is Severity.HELD
    assert said_sign(SENTENCE, cell("-0.056"), positive=True).severity is Severity.ERROR
    assert said_order(SENTENCE, cell("0.210"), cell("0.342")).severity is Severity.HELD
    assert said_order(SENTENCE, cell("0.342"), cell("0.210")).severity is Severity.ERROR
    rising = (cell("75.2"), cell("86.4"), cell("86.4"))
    assert check_trend(SENTENCE, rising, rises=True).severity is Severity.HELD
    assert check_trend(SENTENCE, rising, rises=False).severity is Severity.ERROR


def test_standardised_reading_needs_deviations() -> None:
    said, coefficient, constant = cell("0.342"), cell("0.342*** (0.048)"), cell("1.254***")
    unshown = check_standardised(said, coefficient, deviations=None, constant=constant)
    assert (unshown.severity, unshown.key) == (Severity.WARNING, "standardised_constant")
    equal = (cell("0.8"), cell("0.8"))
    assert check_standardised(said, coefficient, deviations=equal, constant=constant).severity is Severity.HELD
    other = (cell("0.40"), cell("0.80"))
    assert check_standardised(said, coefficient, deviations=other, constant=constant).severity is Severity.ERROR


def test_claim_without_anything_to_show_it_is_a_warning() -> None:
    assert check_evidence(SENTENCE, shown_in=(), needs="a test").severity is Severity.WARNING
    assert check_evidence(SENTENCE, shown_in=("4.1",), needs="a test").severity is Severity.HELD


def test_decimals_and_figures_that_cannot_be_read() -> None:
    odd = mixed_precision([cell("61.2"), cell("70.4"), cell("73"), cell("13.9%")])
    assert odd is not None and odd.printed == "73"
    assert mixed_precision([cell("61.2"), cell("70.4"), cell("73.0")]) is None
    assert mixed_precision([cell("61.2"), cell("73")]) is None
    assert unreadable(cell("0.O48")) is not None
    assert unreadable(cell("YES")) is None

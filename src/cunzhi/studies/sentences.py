"""Sentences under the tables, filled from cells, and the check that reads every number again against its cell."""

import re
from collections.abc import Mapping
from typing import Final

from cunzhi.base.text import Text
from cunzhi.studies.results import Claim, Sentence, Table
from cunzhi.studies.tables.cells import printed, printed_p
from cunzhi.studies.tables.frame import Book
from cunzhi.studies.words import plain, text

NUMBER: Final = re.compile(r"(?<![A-Za-z0-9_.])[<−-]?\d[\d,]*(?:\.\d+)?(?![A-Za-z0-9_])")
SIGNIFICANCE: Final = ((0.01, "one"), (0.05, "five"), (0.1, "ten"))
LANGUAGES: Final = ("zh-hans", "en")


class Contradiction(AssertionError):
    """A sentence says something else than its cells."""


def value_of(tables: Mapping[str, Table], claim: Claim) -> float:
    """The unrounded number that a claim points to; Contradiction when there is none."""
    try:
        cell = tables[claim.table].cell(claim.row, claim.column)
        value = cell.more[claim.figure] if claim.figure else cell.value
    except (KeyError, IndexError) as error:
        raise Contradiction(
            f"{claim.blank}: no cell {claim.table}/{claim.row}/{claim.column}/{claim.figure}"
        ) from error
    if value is None:
        raise Contradiction(f"{claim.blank}: the cell {claim.table}/{claim.row}/{claim.column} is no number")
    return value


def worded(claim: Claim, value: float) -> Text:
    """How a claim's number is put: rounded, as a p-value, without its sign, or as a word that follows from it."""
    if claim.kind == "number":
        return plain(printed(value, claim.digits))
    if claim.kind == "size":
        return plain(printed(abs(value), claim.digits))
    if claim.kind == "p":
        return plain(printed_p(value))
    if claim.kind == "direction":
        return text(f"direction.{'higher' if value > 0 else 'lower'}")
    if claim.kind == "significance":
        return text(f"significance.{next((word for limit, word in SIGNIFICANCE if value < limit), 'none')}")
    raise Contradiction(f"{claim.blank}: nobody knows the kind {claim.kind}")


def sentence(tables: Mapping[str, Table], key: str, claims: list[Claim], names: Mapping[str, Text]) -> Sentence:
    """Fill a template from cells; names fill the blanks that are no claims."""
    said = {claim.blank: worded(claim, value_of(tables, claim)) for claim in claims}
    return Sentence(claims[0].table, key, text(f"sentence.{key}", **said, **names), tuple(claims), dict(names))


def check(sentence: Sentence, tables: Mapping[str, Table]) -> None:
    """Contradiction unless the text is what its cells say and every number in it is one of its claims or names."""
    said = {claim.blank: worded(claim, value_of(tables, claim)) for claim in sentence.claims}
    due = text(f"sentence.{sentence.key}", **said, **sentence.names)
    template = text(f"sentence.{sentence.key}", **dict.fromkeys((*said, *sentence.names), ""))
    for language in LANGUAGES:
        written, expected = sentence.text.in_(language), due.in_(language)
        allowed = [words.in_(language) for words in (*said.values(), *sentence.names.values())]
        known = {found for words in (*allowed, template.in_(language)) for found in NUMBER.findall(words)}
        strange = [found for found in NUMBER.findall(written) if found not in known]
        if strange:
            raise Contradiction(f"{', '.join(strange)} stands in no cell of {sentence.table}: {written}")
        if written != expected:
            raise Contradiction(f"the cells say {expected!r}, the sentence says {written!r}")


def sentences(book: Book, tables: Mapping[str, Table], columns: list[tuple[str, str]]) -> tuple[Sentence, ...]:
    """All sentences that the tables allow; columns: treatment and outcome of each column of the benchmark."""
    made = [
        _growth(book, tables),
        *_slopes(book, tables, columns),
        _effective(tables),
        *_mediation(book, tables),
        _robustness(tables),
        _difference(book, tables),
        _threshold(book, tables),
        _uncertainty(book, tables),
    ]
    found = tuple(one for one in made if one is not None)
    for one in found:
        check(one, tables)
    return found


def _growth(book: Book, tables: Mapping[str, Table]) -> Sentence | None:
    """The first described indicator that has a growth rate."""
    table = tables["key_indicators"]
    last = len(table.head) - 4
    for row in table.rows:
        if row.cells[last + 1].value is None or last < 1:
            continue
        claims = [
            Claim("first", "number", table.key, row.key, 0, digits=2),
            Claim("last", "number", table.key, row.key, last, digits=2),
            Claim("growth", "number", table.key, row.key, last + 1, digits=1),
        ]
        return sentence(tables, "growth", claims, {"indicator": book.title(row.key)})
    return None


def _slopes(book: Book, tables: Mapping[str, Table], columns: list[tuple[str, str]]) -> list[Sentence]:
    """One for each column of the benchmark: a standard deviation where both sides are standardised, else a unit."""
    made = []
    scale = book.prepared.scale
    for position, (treatment, outcome) in enumerate(columns):
        claims = [
            Claim("direction", "direction", "benchmark", "treatment", position),
            Claim("beta", "size", "benchmark", "treatment", position),
            Claim("p", "p", "benchmark", "treatment", position, "p"),
            Claim("low", "number", "benchmark", "treatment", position, "low"),
            Claim("high", "number", "benchmark", "treatment", position, "high"),
            Claim("significance", "significance", "benchmark", "treatment", position, "p"),
        ]
        names = {"treatment": book.title(treatment), "outcome": book.title(outcome), "column": plain(position + 1)}
        if treatment in scale and outcome in scale:
            claims.append(Claim("treatment_scale", "number", "summary", treatment, 2))
            made.append(sentence(tables, "slope_sd", claims, names))
        else:
            made.append(sentence(tables, "slope", claims, names))
    return made


def _effective(tables: Mapping[str, Table]) -> Sentence | None:
    table = tables.get("instruments")
    if table is None or table.cell("effective_f", 0).value is None:
        return None
    strong = (table.cell("effective_f", 0).value or 0) > (table.cell("effective_critical", 0).value or 0)
    claims = [
        Claim("f", "number", "instruments", "effective_f", 0, digits=2),
        Claim("critical", "number", "instruments", "effective_critical", 0, digits=2),
    ]
    return sentence(tables, "effective", claims, {"strength": text(f"strength.{'strong' if strong else 'weak'}")})


def _mediation(book: Book, tables: Mapping[str, Table]) -> list[Sentence]:
    table = tables.get("mediation")
    made = []
    for position, name in enumerate(book.study.roles.mediators if table else ()):
        column = 2 + 2 * position
        cell = tables["mediation"].cell("indirect", column)
        apart = cell.more["low"] > 0 or cell.more["high"] < 0
        claims = [
            Claim("indirect", "number", "mediation", "indirect", column),
            Claim("low", "number", "mediation", "indirect", column, "low"),
            Claim("high", "number", "mediation", "indirect", column, "high"),
            Claim("sobel", "number", "mediation", "sobel", column, digits=2),
        ]
        names = {"mediator": book.title(name), "excludes": text(f"excludes.{'yes' if apart else 'no'}")}
        made.append(sentence(tables, "mediation", claims, names))
    return made


def _robustness(tables: Mapping[str, Table]) -> Sentence:
    claims = [
        Claim("low", "number", "robustness", "without_unit", 0, "low"),
        Claim("high", "number", "robustness", "without_unit", 0, "high"),
        Claim("p", "p", "robustness", "placebo", 2),
    ]
    return sentence(tables, "robustness", claims, {})


def _difference(book: Book, tables: Mapping[str, Table]) -> Sentence | None:
    table = tables.get("heterogeneity")
    if table is None:
        return None
    claims = [
        Claim("first_beta", "number", table.key, "group_0", 0),
        Claim("second_beta", "number", table.key, "group_1", 0),
        Claim("gap", "number", table.key, "difference_0", 0),
        Claim("significance", "significance", table.key, "difference_0", 0, "p"),
        Claim("p", "p", table.key, "difference_0", 2),
    ]
    permuted = any(row.key == "permutation_0" for row in table.rows)
    if permuted:
        claims.append(Claim("permutation", "p", table.key, "permutation_0", 2))
    names = {"first": book.group_title(0), "second": book.group_title(1)}
    return sentence(tables, "difference" if permuted else "difference_only", claims, names)


def _threshold(book: Book, tables: Mapping[str, Table]) -> Sentence | None:
    asked = book.study.roles.threshold
    if asked is None or "threshold" not in tables:
        return None
    claims = [
        Claim("gamma", "number", "threshold", "gamma_1", 0),
        Claim("low", "number", "threshold", "gamma_1", 0, "low"),
        Claim("high", "number", "threshold", "gamma_1", 0, "high"),
        Claim("unit_p", "p", "threshold", "test_1", 1),
        Claim("wild_p", "p", "threshold", "test_1", 2),
    ]
    return sentence(tables, "threshold", claims, {"column": book.title(asked.column)})


def _uncertainty(book: Book, tables: Mapping[str, Table]) -> Sentence | None:
    if "uncertainty" not in tables:
        return None
    claims = [
        Claim("reliability", "number", "uncertainty", "reliability", 0),
        Claim("naive", "number", "uncertainty", "naive", 0),
        Claim("corrected", "number", "uncertainty", "by_reliability", 0),
    ]
    return sentence(tables, "uncertainty", claims, {"index": book.title(book.study.roles.treatment)})

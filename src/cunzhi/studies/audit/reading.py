"""Reads PAPER.yaml strictly: every mistake with its file and line, labels that no table has among them."""

from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from pydantic_core import ErrorDetails

from cunzhi.base.strict_yaml import Problem, YamlRefused, load_as
from cunzhi.base.text import nearest
from cunzhi.base.yaml_nodes import compose
from cunzhi.base.yaml_places import problem_of
from cunzhi.evaluation.audit.printed import read_number
from cunzhi.evaluation.errors import DataRefused
from cunzhi.studies.audit.spec.paper import Paper
from cunzhi.studies.audit.spec.relation import Relation
from cunzhi.studies.audit.spec.sentence import Word
from cunzhi.studies.audit.spec.table import Location


def shipped() -> dict[str, str]:
    """The papers that come with the product: name -> text."""
    folder = files("cunzhi.studies.audit") / "papers"
    found = {Path(one.name).stem: one.read_text(encoding="utf-8") for one in folder.iterdir() if one.is_file()}
    return dict(sorted(found.items()))


def read_paper(text: str, *, name: str) -> Paper:
    """The paper, or YamlRefused with every mistake."""
    paper = load_as(Paper, text, name=name)
    faults = [*_faults(paper)]
    if faults:
        node = compose(text, name=name)
        problems = [problem_of(_error(where, what), model=Paper, node=node, name=name) for where, what in faults]
        raise YamlRefused(sorted(_once(problems), key=lambda problem: problem.line))
    return paper


def _once(problems: Sequence[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))


def _error(where: Location, what: str) -> ErrorDetails:
    return {"type": "value_error", "loc": where, "msg": what, "input": {}}


def _faults(paper: Paper) -> Iterator[tuple[Location, str]]:
    """Labels that no table has, and numbers of sentences that cannot be read."""
    for place, relation in relations(paper):
        for location, table, row, column in relation.mentions():
            if what := _unknown(paper, table, row, column):
                yield (*place, *location), what
        if place[0] == "claims" and not isinstance(relation, Word):
            yield from _numbers_of(place, relation)
        yield from _shown(place, relation, paper)


def _numbers_of(place: Location, said: Relation) -> Iterator[tuple[Location, str]]:
    for field in ("printed", "of", "smaller", "greater", "deviations"):
        for location, printed in _numbers(getattr(said, field, None)):
            if what := _unreadable(printed):
                yield (*place, field, *location), what


def _shown(place: Location, relation: Relation, paper: Paper) -> Iterator[tuple[Location, str]]:
    for number, table in enumerate(getattr(relation, "shown", [])):
        if what := _missing(table, list(paper.tables), "table"):
            yield (*place, "shown", number), what


def relations(paper: Paper) -> Iterator[tuple[Location, Relation]]:
    """Every relation between numbers, in tables and in sentences, with where it stands."""
    yield from ((("relations", number), relation) for number, relation in enumerate(paper.relations))
    for number, claim in enumerate(paper.claims):
        for inner, relation in enumerate(claim.checks):
            yield ("claims", number, "checks", inner), relation


def _numbers(value: object) -> Iterator[tuple[Location, str]]:
    if isinstance(value, str):
        yield (), value
    if isinstance(value, list):
        yield from (((number,), one) for number, one in enumerate(value) if isinstance(one, str))


def _unreadable(printed: str) -> str:
    try:
        read_number(printed)
    except DataRefused as refused:
        return f"{refused.what}; {refused.how}"
    return ""


def _unknown(paper: Paper, table: str, row: str | None, column: str | None) -> str:
    if what := _missing(table, list(paper.tables), "table"):
        return what
    found = paper.tables[table]
    if row is not None and (what := _missing(row, list(found.rows), "row", f" of table {table}")):
        return what
    return _missing(column, found.columns, "column", f" of table {table}") if column is not None else ""


def _missing(label: str, known: list[str], kind: str, of: str = "") -> str:
    if label in known:
        return ""
    meant = nearest(label, known)
    advice = f"did you mean {meant}?" if meant else f"known: {', '.join(known)}"
    return f"no {kind}{of} is labelled {label!r}; {advice}"

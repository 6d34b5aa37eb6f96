"""The audit of a paper: every check made, as text, JSON or a page of HTML."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

from cunzhi.evaluation.audit.check import Check, Severity
from cunzhi.studies.audit.cells import Cells
from cunzhi.studies.audit.relations import look_at
from cunzhi.studies.audit.sentences import look_at_claim
from cunzhi.studies.audit.spec.paper import Paper
from cunzhi.studies.audit.tables import look_at_tables
from cunzhi.studies.audit.words import explained, in_words, placed, said, sentence

ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
LANGUAGES = {"zh_Hans": "zh-hans", "en": "en"}


@dataclass(frozen=True)
class Audit:
    """Every check of a paper, in the order of tables, relations and sentences."""

    paper: Paper
    checks: tuple[Check, ...]

    @cached_property
    def findings(self) -> list[Check]:
        """What does not agree, the gravest first."""
        return [check for severity in ORDER for check in self.checks if check.severity is severity]

    @cached_property
    def counts(self) -> dict[str, int]:
        found = Counter(check.severity for check in self.checks)
        return {str(severity): found[severity] for severity in Severity}

    def having(self, severity: Severity) -> list[Check]:
        return [check for check in self.checks if check.severity is severity]

    def fails(self, *, strict: bool) -> bool:
        """Whether there is an error; strictly, whether there is an error or a warning."""
        return bool(self.counts["error"] or (strict and self.counts["warning"]))


def audit(paper: Paper) -> Audit:
    """Look at the tables of a paper by themselves, at the relations between them and at its sentences."""
    return Audit(paper, tuple(_checks(paper)))


def _checks(paper: Paper) -> Iterator[Check]:
    cells = Cells(paper)
    yield from look_at_tables(cells)
    for relation in paper.relations:
        yield from look_at(relation, cells)
    for claim in paper.claims:
        yield from look_at_claim(claim, cells)


def as_text(found: Audit, language: str, *, everything: bool = False) -> str:
    """For a terminal. everything: also the checks that agree and those that could not be made."""
    head = [sentence("report.title", language, title=found.paper.title), found.paper.source]
    head += [
        sentence("report.sum", language, **found.counts),
        "" if found.findings else sentence("report.nothing", language),
    ]
    shown = found.findings
    if everything:
        shown = [*shown, *found.having(Severity.HELD), *found.having(Severity.UNCHECKED)]
    blocks = [_block(check, language) for check in shown]
    return "\n".join([*head, *blocks, sentence("report.ranges", language)])


def _block(check: Check, language: str) -> str:
    severity, rule = sentence(f"severity.{check.severity}", language), sentence(f"rule.{check.rule}", language)
    lines = [f"{severity}  {rule}", *(f"  {placed(place, language)}" for place in check.places)]
    for name, value in (("printed", check.printed), ("expected", in_words(check.expected, language))):
        if value:
            lines.append(f"    {sentence(f'report.{name}', language, value=value)}")
    lines.append(f"    {said(check, language)}")
    lines += [f"    {sentence('report.because', language, value=reason)}" for reason in explained(check, language)]
    return "\n".join([*lines, ""])


def as_json(found: Audit) -> str:
    """For programs: every check, what it says in both languages."""
    checks = [_plain(check) for check in found.checks]
    whole = {"title": found.paper.title, "source": found.paper.source, "counts": found.counts, "checks": checks}
    return json.dumps(whole, ensure_ascii=False, indent=2)


def _plain(check: Check) -> dict[str, object]:
    places = [{name: value for name, value in vars(place).items() if value} for place in check.places]
    return {
        "rule": check.rule,
        "severity": str(check.severity),
        "places": places,
        "printed": check.printed,
        "consistent": check.expected,
        "says": {name: said(check, language) for name, language in LANGUAGES.items()},
        "may_be_explained_by": {name: explained(check, language) for name, language in LANGUAGES.items()},
    }


def as_html(found: Audit, language: str) -> str:
    """A page that stands alone."""
    from jinja2 import Environment  # noqa: PLC0415 - only a page needs it

    source = (files("cunzhi.studies.audit") / "report.html").read_text(encoding="utf-8")
    page = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(source)
    blanks = {"found": found, "language": language, "sentence": sentence, "said": said, "placed": placed}
    others = [(name, found.having(Severity(name))) for name in ("held", "unchecked")]
    return page.render(**blanks, explained=explained, in_words=in_words, others=others)

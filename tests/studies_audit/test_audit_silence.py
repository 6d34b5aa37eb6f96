"""A paper that agrees with itself is never accused, however it rounds."""

from pathlib import Path
from tempfile import TemporaryDirectory

from consistent_papers import mediation_papers, number_papers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cunzhi.evaluation.audit.check import Severity
from cunzhi.evaluation.audit.printed import read_number
from cunzhi.studies.audit.documents import read_document
from cunzhi.studies.audit.report import Audit, as_text, audit
from cunzhi.studies.audit.spec.paper import Paper
from cunzhi.studies.audit.spec.table import Table

QUIETLY = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def accusations(found: Audit) -> str:
    return as_text(found, "en") if found.counts["error"] or found.counts["warning"] else ""


@QUIETLY
@given(mediation_papers())
def test_consistent_regressions_raise_no_error_or_warning(paper: Paper) -> None:
    assert accusations(audit(paper)) == ""


@QUIETLY
@given(number_papers())
def test_consistent_numbers_raise_no_error_or_warning(paper: Paper) -> None:
    assert accusations(audit(paper)) == ""


@QUIETLY
@given(mediation_papers())
def test_consistent_tables_of_a_document_raise_no_error_or_warning(paper: Paper) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "paper.md"
        path.write_text(as_markdown(paper.tables["1"]), encoding="utf-8")
        assert accusations(audit(read_document(path))) == ""


def as_markdown(table: Table) -> str:
    """A table with every coefficient in bold and its stars escaped."""
    rows = [["", *table.columns], ["---"] * (len(table.columns) + 1)]
    rows += [[row, *(f"<b>{cell}</b>".replace("*", "\\*") for cell in cells)] for row, cells in table.rows.items()]
    return "\n".join([*(f"| {' | '.join(row)} |" for row in rows), "", "* p < 0.1, ** p < 0.05, *** p < 0.01"])


@QUIETLY
@given(number_papers(), st.sampled_from([-1, 1]))
def test_mean_moved_by_more_than_rounding_is_found(paper: Paper, direction: int) -> None:
    printed = paper.tables["1"].rows
    mean = read_number(printed["mean"][1])
    step = max(mean.step, *(read_number(cells[1]).step for cells in printed.values()))
    moved = mean.value + direction * 4 * step
    text = format(float(moved), ".6f")
    rows = {**printed, "mean": [printed["mean"][0], text, *printed["mean"][2:]]}
    changed = paper.tables["1"].model_copy(update={"rows": rows})
    found = audit(paper.model_copy(update={"tables": {**paper.tables, "1": changed}}))
    errors = [check for check in found.having(Severity.ERROR) if check.rule == "mean"]
    assert [check.places[0].column for check in errors] == ["urban"]

"""What the right place has made public, with a file that belongs to a matter and a copy that belongs to everybody."""

from datetime import date
from typing import Any

from cunzhi.base.actor import Actor
from cunzhi.engine.actions.activations import activate
from cunzhi.engine.actions.cases import move, open_case
from cunzhi.engine.actions.files import keep_file
from cunzhi.engine.models import Case, Notice
from cunzhi.engine.stage import paper

MASKED = ["yes"]
FEBRUARY = "2026-02"


def disclose(*, by: Actor, cadre: Actor, supervisor: Actor, county: str, village: str) -> dict[str, Any]:
    """A month of empty accounts, and an entry that waits for its check: the records by the names of addresses."""
    for scenario in ("disclosure", "accounts"):
        activate(by=by, scenario=scenario, place_code=county, basis="county notice", since=date(2026, 2, 1))
    entry = {
        "direction": "income", "income_category": "lease", "amount": "20", "paid_on": "2026-03-01", "purpose": "pond",
        "vouchers": [_sent(cadre, "receipt", "vouchers", village)], "masked": MASKED,
    }  # fmt: skip
    waiting = open_case(by=cadre, scenario="accounts", workflow="entry", place_code=village, answers=entry)
    move(by=supervisor, case=waiting, transition="book", version=waiting.version)
    began = {"column": "finance", "period": FEBRUARY}
    case = open_case(by=cadre, scenario="disclosure", workflow="disclosure", place_code=village, answers=began)
    draft = {"title": "二月收支", "text": "没有收支。", "files": [_sent(cadre, "sheet", "files", village)]}
    _step(cadre, case, "submit", {**draft, "counted": "0", "masked": MASKED})
    _step(supervisor, case, "publish", {"looked_at": ["content", "masks"]})
    notice = Notice.objects.get(case=case)
    shown = notice.files.get()
    return {"notice_id": notice.pk, "file_id": shown.pk, "sent_id": shown.attachment_id, "number": case.number}


def _sent(by: Actor, name: str, field: str, village: str) -> int:
    return keep_file(by=by, data=paper(name), name=f"{name}.pdf", field=field, place_code=village).pk


def _step(by: Actor, case: Case, transition: str, answers: dict[str, Any]) -> None:
    case.refresh_from_db()
    move(by=by, case=case, transition=transition, version=case.version, answers=answers)

"""Makes something public on a page of its own: once, as it is at that moment, with a hash that anybody can verify."""

from datetime import datetime
from typing import Any

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.base.messages import LANGUAGES
from cunzhi.base.periods import Period
from cunzhi.disclosures.queries import subscribers
from cunzhi.engine.choices import BOOK_LENGTH
from cunzhi.engine.keeping import content_of
from cunzhi.engine.loader import kept
from cunzhi.engine.models import Attachment, Case, Notice, NoticeFile
from cunzhi.engine.notice_content import content
from cunzhi.engine.queries.calendar import due_at
from cunzhi.engine.sending import send
from cunzhi.engine.spec.effect import Publish
from cunzhi.engine.statements import Statement, require_unbroken, statement_of
from cunzhi.journal.actions import note, public_hash
from cunzhi.registry.queries.places import name_of

TITLE = 300


def make_public(
    case: Case, by: Actor, publish: Publish, words: dict[str, Any], *, until: datetime | None = None
) -> Notice:
    """The notice with its files, noted in the journal; those who subscribed to the village are told."""
    given = {key: case.answers.get(field) for key, field in publish if isinstance(field, str) and key != "message"}
    statement = _statement(case, publish, given)
    notice = Notice.objects.create(
        case=case,
        place_code=case.place_code[:BOOK_LENGTH],
        key=publish.message,
        params=words,
        at=clock.now(),
        until=until,
        title=str(given["title"])[:TITLE],
        text=_text(case, publish, words, given.get("text") or ""),
        column=given.get("column") or "",
        period=given.get("period") or "",
        late=_late(case, given),
        statement=statement.content if statement else None,
        corrects=_named(case, given.get("corrects")),
        about=_named(case, given.get("about")),
    )
    _show_files(notice, by, given.get("files") or [], statement)
    _note(notice, by)
    if notice.about_id is None:
        _tell(case, notice)
    return notice


def _late(case: Case, given: dict[str, Any]) -> bool:
    """Whether it answers its duty after the day that was set; what corrects another notice is never late."""
    duty = kept(case.scenario_version).calendar.get(given.get("column") or "")
    if duty is None or not given.get("period") or given.get("corrects"):
        return False
    period = Period.parse(given["period"])
    if period.kind != duty.kind:
        return False
    return clock.now() > due_at(kept(case.scenario_version), case.activation, duty, period)


def _text(case: Case, publish: Publish, words: dict[str, Any], text: str) -> str:
    """The text of the page, under the message itself where the page is to say it for ever."""
    if not publish.whole:
        return text
    told = kept(case.scenario_version).say(publish.message, LANGUAGES[0], **words[LANGUAGES[0]])
    return f"{told}\n{text}".strip()


def _named(case: Case, pk: Any) -> Notice | None:
    """The notice that an answer names, in the same village and still there."""
    if not pk:
        return None
    found = Notice.objects.filter(pk=int(pk), place_code=case.place_code[:BOOK_LENGTH]).first()
    if found is None:
        raise Refused("engine.no_such_notice")
    return found


def _statement(case: Case, publish: Publish, given: dict[str, Any]) -> Statement | None:
    """The account of a period, for a column that owes one; refused when it does not continue the last one."""
    period = Period.parse(given["period"]) if given.get("period") else None
    if publish.statement is None or period is None or period.kind != "month":
        return None
    made = statement_of(case.place_code[:BOOK_LENGTH], publish.statement, period)
    if made is not None:
        require_unbroken(case.place_code[:BOOK_LENGTH], made)
    return made


def _show_files(notice: Notice, by: Actor, files: list[int], statement: Statement | None) -> None:
    """Bind what anybody may open, and note each file, so that who saved it can verify it."""
    wanted = [(pk, None) for pk in files] + (statement.vouchers if statement else [])
    sent = Attachment.objects.in_bulk([pk for pk, _ in wanted])
    for pk, line in wanted:
        data = content_of(sent[pk])
        NoticeFile.objects.create(notice=notice, attachment=sent[pk], line=line, sha256=public_hash(data))
        place, detail = notice.place_code, {"kind": sent[pk].kind}
        note(by=by, verb="notice.file", record=notice.record, place_code=place, detail=detail, public=data)


def _note(notice: Notice, by: Actor) -> None:
    shown = content(notice)
    notice.public_hash = public_hash(shown)
    notice.save(update_fields=["public_hash"])
    note(
        by=by,
        verb="notice.publish",
        record=notice.record,
        place_code=notice.place_code,
        detail={"case": notice.case.number, "column": notice.column, "period": notice.period},
        public=shown,
        corrects=notice.corrects.record if notice.corrects else None,
    )


def _tell(case: Case, notice: Notice) -> None:
    filled = {"place": name_of(notice.place_code), "title": notice.title}
    people = subscribers(notice.place_code)
    send(case, people, "engine.message.published", {"zh-hans": filled, "en": filled}, notice=notice)

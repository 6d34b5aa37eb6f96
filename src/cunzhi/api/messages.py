"""What the caller was told."""

from datetime import datetime

from ninja import Query, Router, Schema

from cunzhi.api.auth import ApiRequest
from cunzhi.api.cases.lists import Turn
from cunzhi.api.kinds import Body, SmallNumber
from cunzhi.api.paging import newest_first
from cunzhi.api.problems import PROBLEMS, language
from cunzhi.base.actor import OWN
from cunzhi.engine.actions.messages import mark_read
from cunzhi.engine.queries.messages import messages_of
from cunzhi.engine.words import message_in

router = Router(tags=["messages"])


class MessageTold(Schema):
    """Words for the caller, about a case."""

    id: int
    at: datetime
    read_at: datetime | None
    case: str | None
    text: str


class MessagePage(Schema):
    """Messages; `next` is the `cursor` of the next page."""

    items: list[MessageTold]
    next: str | None


class ReadUpTo(Body):
    """The newest message that was read."""

    upto: SmallNumber


class Marked(Schema):
    """How many messages were newly marked."""

    marked: int


@router.get("/messages", response={200: MessagePage, **PROBLEMS}, operation_id="list_messages")
def list_messages(request: ApiRequest, turn: Query[Turn]) -> MessagePage:
    """The caller's messages, the newest first. Needs `case.own`."""
    request.auth.need(OWN)
    found, more = newest_first(messages_of(request.auth.person_id), turn.cursor, turn.limit)
    told = [
        MessageTold(
            id=one.pk,
            at=one.at,
            read_at=one.read_at,
            case=one.case.number if one.case else None,
            text=message_in(one, language()),
        )
        for one in found
    ]
    return MessagePage(items=told, next=more)


@router.post("/messages/read", response={200: Marked, **PROBLEMS}, operation_id="mark_messages_read")
def mark_messages_read(request: ApiRequest, given: ReadUpTo) -> Marked:
    """Mark the caller's messages up to an id as read. Doing it again changes nothing. Needs `case.own`."""
    request.auth.need(OWN)
    return Marked(marked=mark_read(by=request.auth.actor, upto=given.upto))

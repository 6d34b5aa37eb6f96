"""Long lists, a page at a time, by the place in the order where the last page ended: new rows shift nothing."""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from cunzhi.base.errors import Refused

Row = TypeVar("Row", bound=Model)
MOST = 100
LAST_ID = 2**63 - 1


def newest_first(rows: QuerySet[Row], cursor: str, limit: int) -> tuple[list[Row], str | None]:
    """One page by descending id, and the cursor of the next."""
    if cursor:
        rows = rows.filter(pk__lt=_number(_read(cursor, 1)[0]))
    found = list(rows.order_by("-pk")[: limit + 1])
    return found[:limit], _written(found[limit - 1].pk) if len(found) > limit else None


def by_deadline(rows: QuerySet[Any], cursor: str, limit: int) -> tuple[list[Any], str | None]:
    """One page of cases in the order of an inbox: due first, then those without a deadline, each by id."""
    if cursor:
        due, last = _read(cursor, 2)
        rows = rows.filter(_after(due, _number(last)))
    found = list(rows[: limit + 1])
    if len(found) <= limit:
        return found, None
    end = found[limit - 1]
    return found[:limit], _written(end.due_at.isoformat() if end.due_at else None, end.pk)


def _after(due: Any, last: int) -> Q:
    if due is None:
        return Q(due_at__isnull=True, pk__gt=last)
    try:
        moment = datetime.fromisoformat(due)
    except (TypeError, ValueError):
        raise Refused("api.cursor", field="cursor") from None
    if moment.tzinfo is None:
        raise Refused("api.cursor", field="cursor")
    return Q(due_at__gt=moment) | Q(due_at=moment, pk__gt=last) | Q(due_at__isnull=True)


def _written(*parts: Any) -> str:
    return urlsafe_b64encode(json.dumps(parts).encode()).decode()


def _read(cursor: str, length: int) -> list[Any]:
    try:
        parts = json.loads(urlsafe_b64decode(cursor))
    except (binascii.Error, ValueError, RecursionError):
        parts = None
    if not isinstance(parts, list) or len(parts) != length:
        raise Refused("api.cursor", field="cursor")
    return parts


def _number(part: Any) -> int:
    if not isinstance(part, int) or not 0 <= part <= LAST_ID:
        raise Refused("api.cursor", field="cursor")
    return part

"""What of a notice is public, in one form for ever: whoever has these bytes can find its entry in the journal."""

from typing import Any

from cunzhi.base.clock import ZONE
from cunzhi.engine.models import Notice


def content(notice: Notice) -> dict[str, Any]:
    """The whole of a notice that has a page of its own. Hashed as RFC 8785 spells it."""
    files = notice.files.select_related("attachment").order_by("id")
    return {
        "place": notice.place_code,
        "column": notice.column,
        "period": notice.period,
        "title": notice.title,
        "text": notice.text,
        "at": notice.at.astimezone(ZONE).isoformat(timespec="seconds"),
        "corrects": notice.corrects.public_hash if notice.corrects else "",
        "about": notice.about.public_hash if notice.about else "",
        "files": [
            {"name": f"{one.attachment.name}.{one.attachment.kind}", "sha256": one.sha256, "line": one.line or 0}
            for one in files
        ],
        "statement": notice.statement or {},
    }

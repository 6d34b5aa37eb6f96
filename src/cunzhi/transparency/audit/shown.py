"""What the platform shows today of what it made public, against the hashes that its log holds."""

import hashlib
from collections.abc import Iterator, Sequence

from cunzhi.transparency.audit.contents import Told
from cunzhi.transparency.audit.finding import Finding, doubt, wrong
from cunzhi.transparency.audit.source import Source

PUBLISHED = "notice.publish"
NEEDED = {"record", "place", "public"}


def check_shown(source: Source, told: Sequence[Told]) -> Iterator[Finding]:
    """A notice or account that was changed behind the log is wrong; one that is not shown any more is a doubt."""
    published = [one for one in told if one.kind == PUBLISHED and one.content.keys() >= NEEDED]
    shown = {one.number: source.beside(_path(str(one.content["record"]))) for one in published}
    if not any(shown.values()):
        return  # a log by itself, without what it speaks of
    for one in published:
        content, record = shown[one.number], one.content["record"]
        if content is None:
            yield doubt("shown_gone", one.number, record=record)
        elif hashlib.sha256(content).hexdigest() != one.content["public"]:
            yield wrong("shown_altered", one.number, record=record, place=one.content["place"])


def _path(record: str) -> str:
    return f"notices/{record.removeprefix('notice:')}/content.json"

"""A log against what it was last time: only that it grew is right."""

from collections.abc import Iterator
from pathlib import Path

from cunzhi.transparency.audit.contents import Told
from cunzhi.transparency.audit.finding import Finding, note, wrong
from cunzhi.transparency.audit.source import Folder
from cunzhi.transparency.audit.tree import Fetched, brief, fetch_entries
from cunzhi.transparency.checkpoints import Checkpoint, opened
from cunzhi.transparency.errors import Doubt
from cunzhi.transparency.merkle import root_of
from cunzhi.transparency.notes import Note
from cunzhi.transparency.policy import Policy

MOST = 20


def read_last(where: Path, policy: Policy) -> Checkpoint:
    """The checkpoint of last time, from its file or from a whole export; it must be signed by a log of the policy."""
    signed = Note.read((where / "checkpoint" if where.is_dir() else where).read_bytes())
    origin = Checkpoint.read(signed.text).origin
    key = next((party.key for party in policy.logs if party.key.name == origin), None)
    if key is None:
        raise Doubt("other_log", f"the log {origin} is not in the policy")
    return opened(signed, key)


def check_past(where: Path, policy: Policy, now: Checkpoint, fetched: Fetched, told: list[Told]) -> Iterator[Finding]:
    try:
        last = read_last(where, policy)
    except (Doubt, OSError) as error:
        yield wrong("last", reason=str(error))
        return
    if last.origin != now.origin:
        yield _renamed(last, fetched, told)
        return
    if last.size > now.size:
        yield wrong("rollback", before=last.size, size=now.size)
    elif root_of(fetched.leaves[: last.size]) != last.root:
        yield wrong("fork", before=last.size)
    else:
        return
    if where.is_dir():
        yield from _differences(where, last, fetched)


def _renamed(last: Checkpoint, fetched: Fetched, told: list[Told]) -> Finding:
    """A log under a new name says so itself; what was seen under the old one should still be its beginning."""
    begun = next((one for one in told if one.kind == "log.begun"), None)
    if begun is None:
        return wrong("other_log", origin=last.origin)
    if last.size <= len(fetched.leaves) and root_of(fetched.leaves[: last.size]) == last.root:
        return note("new_log", begun.number, origin=last.origin, before=last.size)
    return wrong("new_log_lost", begun.number, origin=last.origin, before=last.size)


def _differences(where: Path, last: Checkpoint, fetched: Fetched) -> Iterator[Finding]:
    """Entry by entry, where everything of last time was kept."""
    old, _ = fetch_entries(Folder(where), last.size)
    places = {leaf: number for number, leaf in enumerate(fetched.leaves)}
    found = 0
    for number, (leaf, entry) in enumerate(zip(old.leaves, old.entries, strict=True)):
        now = fetched.leaves[number] if number < len(fetched.leaves) else None
        if leaf == now:
            continue
        found += 1
        if found > MOST:
            return
        yield _difference(number, leaf, entry, old, fetched, places)


def _difference(
    number: int, leaf: bytes, entry: bytes, old: Fetched, fetched: Fetched, places: dict[bytes, int]
) -> Finding:
    if leaf in places:
        return wrong("was_moved", number, to=places[leaf], before=brief(entry))
    if number >= len(fetched.leaves) or fetched.leaves[number] in set(old.leaves):
        return wrong("was_removed", number, before=brief(entry))
    return wrong("was_altered", number, before=brief(entry), now=brief(fetched.entries[number]))

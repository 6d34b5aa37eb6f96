"""Reads of the journal."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from cunzhi.base.fields import under_any
from cunzhi.journal.log import current_log, last_head, policy
from cunzhi.journal.models import Entry, Leaf, OpenLeaf, SignedHead
from cunzhi.journal.tree import tree_under
from cunzhi.transparency.checkpoints import cosigners
from cunzhi.transparency.merkle import inclusion
from cunzhi.transparency.notes import Note, signature
from cunzhi.transparency.proofs import Proof

RECENT = 50
"""How many checkpoints back one is looked for that enough witnesses signed."""
LATER = 5
"""How many later acts on a record are named."""


def history(record: str) -> QuerySet[Entry]:
    """All that was done on one record, oldest first."""
    return Entry.objects.filter(record=record).order_by("id")


def entries(
    places: Sequence[str],
    *,
    verb: str = "",
    actor: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Entry]:
    """What was done under any of the places, newest first; `verb` ends with a dot to mean all that begin so.

    The journal knows nothing of rights: the faces pass `Access(by).places("journal.see")`.
    """
    found = Entry.objects.filter(under_any(list(places)))
    if verb:
        found = found.filter(verb__startswith=verb) if verb.endswith(".") else found.filter(verb=verb)
    if actor:
        found = found.filter(actor=actor)
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    return found.order_by("-id")


def entry_with(public_hash: str) -> Entry | None:
    """The first entry that noted this public content, by its SHA-256 in hexadecimal; None when nobody noted it."""
    return Entry.objects.filter(public_hash=public_hash.lower()).exclude(public_hash="").order_by("id").first()


def head_for(leaf: int) -> SignedHead | None:
    """Under which checkpoint an entry is best proved: the newest that enough witnesses signed, or just the newest."""
    log, trusted = current_log(), policy()
    recent = RECENT if trusted.witnesses else 1
    heads = list(log.heads.filter(size__gt=leaf).order_by("-size")[:recent]) if log else []
    enough = (head for head in heads if trusted.satisfied(cosigners(published(head), trusted.keys())))
    return next(enough, heads[0] if heads else None)


def published(head: SignedHead) -> Note:
    """A checkpoint as outsiders get it: with the signatures of all witnesses so far."""
    own = Note.read(head.note)
    lines = head.cosignatures.order_by("id").values_list("line", flat=True)
    return Note(own.text, (*own.signatures, *(signature(line) for line in lines)))


def newest_head() -> SignedHead | None:
    log = current_log()
    return last_head(log) if log else None


def proof(entry: Entry) -> str | None:
    """The text of the file that proves this entry offline; None until the sequencer has come round."""
    leaf = Leaf.objects.filter(entry=entry).first()
    head = head_for(leaf.id) if leaf else None
    return prove(leaf, head) if leaf and head else None


def prove(leaf: Leaf, head: SignedHead) -> str:
    hashes = inclusion(leaf.id, head.size, tree_under(head))
    return str(Proof(leaf.id, tuple(hashes), published(head), leaf.content.encode()))


def leaf_with(public_hash: str) -> Leaf | None:
    """The first leaf of this public content; leaves cannot change with the rows that they were made from."""
    found = _public_leaves().filter(public_hash=public_hash.lower()).order_by("pk").first()
    return found.leaf if found else None


def later(leaf: Leaf) -> list[Leaf]:
    """What was noted on the same record afterwards, the first few: corrections, withdrawals, further files."""
    told = json.loads(leaf.content)
    if "record" not in told:
        return []
    found = OpenLeaf.objects.filter(record=told["record"], version__gt=told["version"]).select_related("leaf")
    return [one.leaf for one in found.order_by("version")[:LATER]]


def public_leaves(*, before: int | None = None, count: int = 20) -> list[Leaf]:
    """The newest public acts."""
    found = _public_leaves() if before is None else _public_leaves().filter(pk__lt=before)
    return [one.leaf for one in found.order_by("-pk")[:count]]


def _public_leaves() -> QuerySet[OpenLeaf]:
    return OpenLeaf.objects.exclude(public_hash="").select_related("leaf")

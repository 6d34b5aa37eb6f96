"""What this deployment signs, and when it must not: a log has one past, whatever became of the database."""

from django.db import transaction

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.journal.actions import note
from cunzhi.journal.kept import keep, kept, kept_checkpoint, put_away
from cunzhi.journal.log import SEQUENCER, begin, current_log, last_head, lock, own_name, signer, signer_of
from cunzhi.journal.models import Log, SignedHead
from cunzhi.journal.tree import read_tree, tree_size
from cunzhi.transparency.checkpoints import Checkpoint, opened
from cunzhi.transparency.errors import Doubt
from cunzhi.transparency.merkle import root
from cunzhi.transparency.notes import Note


@transaction.atomic
def refuse_other_past() -> None:
    """Nothing is added to a tree that does not begin with what was signed before; it would be a fork."""
    lock(SEQUENCER)
    log, before = current_log(), kept_checkpoint()
    if before is None and log is not None and last_head(log) is not None:
        raise Refused("journal.kept.missing", origin=log.origin)
    if before is None:
        _ = log or begin(own_name())
        return
    size = tree_size()
    if log is None or before.size > size:
        raise Refused("journal.kept.older", size=size, signed=before.size)
    if before.origin != log.origin:
        raise Refused("journal.kept.other", theirs=before.origin, ours=log.origin)
    if root(before.size, read_tree(size)) != before.root:
        raise Refused("journal.kept.forked", size=size, signed=before.size)


@transaction.atomic
def sign() -> SignedHead | None:
    """Sign what the tree has grown to; None when it has not.

    The file outside is written first: leaves are committed already, so that a crash in between leaves it right.
    """
    lock(SEQUENCER)
    log = current_log()
    size = tree_size()
    last = last_head(log) if log else None
    if log is None or size == 0 or (last is not None and last.size >= size):
        return None
    signed = str(Checkpoint(log.origin, size, root(size, read_tree(size))).signed(signer(log)))
    keep(signed)
    return SignedHead.objects.create(log=log, size=size, at=clock.now(), note=signed)


@transaction.atomic
def begin_again(*, by: Actor, origin: str, after: str = "") -> Log:
    """Go on under a new name, when the old log cannot be continued; the new one names the old one's last checkpoint."""
    lock(SEQUENCER)
    former = current_log()
    last = read(after) if after else kept()
    if former is None:
        raise Refused("journal.begin.none")
    if last is None:
        raise Refused("journal.begin.after")
    own(last)
    last = Note(last.text, last.signatures[:1])  # the log's own; witnesses may have added theirs since
    log = begin(origin, after=str(last))
    detail = {"origin": origin, "former": Checkpoint.read(last.text).origin}
    note(by=by, verb="log.begun", record=f"log:{log.pk}", place_code="", detail=detail, public=str(last).encode())
    put_away(f"{clock.now().astimezone(clock.ZONE):%Y%m%d-%H%M%S}")
    return log


def adopt(text: str) -> Checkpoint:
    """Take a published checkpoint as the last one signed, where the file that says so is lost."""
    found, before = own(read(text)), kept_checkpoint()
    if before is not None and before.origin == found.origin and before.size > found.size:
        raise Refused("journal.adopt.older", size=found.size, signed=before.size)
    keep(text)
    return found


def read(text: str) -> Note:
    try:
        return Note.read(text)
    except Doubt as doubt:
        raise Refused("journal.begin.foreign", reason=doubt) from doubt


def own(signed: Note) -> Checkpoint:
    """The checkpoint, which must be one that was signed with the key at hand."""
    try:
        named = Checkpoint.read(signed.text)
        return opened(signed, signer_of(named.origin).key)
    except Doubt as doubt:
        raise Refused("journal.begin.foreign", reason=doubt) from doubt

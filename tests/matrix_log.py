"""The log of the matrix's world: everything noted so far, sealed as the sequencer would, and a log to witness."""

import hashlib
from pathlib import Path

from django.conf import settings
from transparency.logs import SIGNER, numbered

from cunzhi.base import clock
from cunzhi.base.actor import system
from cunzhi.journal.actions import note, public_hash
from cunzhi.journal.log import begin, own_name, signer
from cunzhi.journal.models import Entry, Leaf, SignedHead, Witnessed
from cunzhi.journal.open_leaves import list_open_leaves
from cunzhi.journal.outside import row_of
from cunzhi.journal.sealing import append
from cunzhi.journal.tree import Edge
from cunzhi.transparency.checkpoints import Checkpoint

PUBLIC = {"title": "财务公开"}


def seal_all(place_code: str) -> dict[str, object]:
    """Within the test's own transaction, behind whose horizon the sequencer would see nothing; the blanks' values."""
    note(by=system("test"), verb="notice.publish", record="notice:0", place_code=place_code, public=PUBLIC)
    edge = Edge()
    append(edge, [row_of(entry) for entry in Entry.objects.order_by("id")])
    list_open_leaves()
    log = begin(own_name())
    signed = Checkpoint(log.origin, edge.size, edge.root()).signed(signer(log))
    SignedHead.objects.create(log=log, size=edge.size, at=clock.now(), note=str(signed))
    (Path(settings.HOME) / "witness.policy").write_text(f"log {SIGNER.key}\nquorum none\n")
    Witnessed.objects.create(origin=SIGNER.name, size=3, at=clock.now(), note=str(numbered(3).checkpoint()))
    return {
        "leaf": Leaf.objects.latest("id").pk,
        "digest": public_hash(PUBLIC),
        "rest": f"0/000.p/{min(edge.size, 255)}",
        "month": "2026-03",
        "origin_hash": hashlib.sha256(SIGNER.name.encode()).hexdigest(),
    }

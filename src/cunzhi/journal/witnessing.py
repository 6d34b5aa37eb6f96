"""Being a witness: what other deployments sign is signed here too, if it continues what was signed here before."""

from django.db import transaction

from cunzhi.base import clock
from cunzhi.journal.log import WITNESS, lock, witness_signer, witnessed_logs
from cunzhi.journal.models import Witnessed
from cunzhi.transparency.checkpoints import Checkpoint, cosign
from cunzhi.transparency.errors import Doubt
from cunzhi.transparency.merkle import EMPTY
from cunzhi.transparency.notes import Note
from cunzhi.transparency.witness import Answer, Request, compare, look


def cosigned(body: bytes) -> str:
    """The signature line for a request; an Answer is raised that says why there is none."""
    try:
        request = Request.read(body)
    except Doubt as doubt:
        raise Answer(400, f"{doubt}\n") from doubt
    keys = {party.key.name: party.key for party in witnessed_logs().logs}
    asked = look(request, keys)
    with transaction.atomic():
        lock(WITNESS)
        last = latest(asked.origin)
        compare(request, asked, last.size if last else 0, last.root if last else EMPTY)
        line = cosign(request.checkpoint, witness_signer(), int(clock.now().timestamp()))
        if last is None or last.size < asked.size:
            signed = tuple(one for one in request.checkpoint.signatures if one.is_of(keys[asked.origin]))
            note = str(Note(request.checkpoint.text, (*signed, line)))
            Witnessed.objects.create(origin=asked.origin, size=asked.size, at=clock.now(), note=note)
    return str(line)


def latest(origin: str) -> Checkpoint | None:
    """The largest checkpoint of a log that was signed here."""
    found = Witnessed.objects.filter(origin=origin).order_by("-size").first()
    return Checkpoint.read(Note.read(found.note).text) if found else None

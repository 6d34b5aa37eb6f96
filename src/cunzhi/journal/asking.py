"""Having our checkpoints witnessed: every witness of the policy is asked once for each."""

from django.db import transaction

from cunzhi.base import clock
from cunzhi.journal.log import current_log, last_head, policy
from cunzhi.journal.models import Cosignature, SignedHead
from cunzhi.journal.tree import tree_under
from cunzhi.transparency import web
from cunzhi.transparency.checkpoints import cosigned_at, number
from cunzhi.transparency.errors import Doubt
from cunzhi.transparency.merkle import consistency
from cunzhi.transparency.notes import Key, Note, Signature, signature
from cunzhi.transparency.policy import Party
from cunzhi.transparency.witness import Request

SIGNED, OTHER_SIZE = 200, 409


def ask_witnesses() -> tuple[int, dict[str, str]]:
    """How many signed the newest checkpoint just now, and why the others did not, by name."""
    log = current_log()
    head = last_head(log) if log else None
    signed, failed = 0, dict[str, str]()
    if head is None:
        return signed, failed
    for name, party in policy().witnesses.items():
        if party.url and not head.cosignatures.filter(witness=party.key.name).exists():
            try:
                _take(head, party.key, _asked(head, party, _seen_by(head, party.key)))
                signed += 1
            except (Doubt, web.Unreachable, ValueError) as error:
                failed[name] = str(error)
    return signed, failed


def _seen_by(head: SignedHead, key: Key) -> int:
    """The size that this witness signed last, as far as we know."""
    known = Cosignature.objects.filter(witness=key.name, head__log=head.log).order_by("-head__size")
    return known.values_list("head__size", flat=True).first() or 0


def _asked(head: SignedHead, party: Party, old: int, *, again: bool = True) -> str:
    proof = tuple(consistency(old, head.size, tree_under(head)))
    status, body = web.post(f"{party.url}/add-checkpoint", str(Request(old, proof, Note.read(head.note))).encode())
    text = body.decode(errors="replace")
    if status == OTHER_SIZE and again:
        return _asked(head, party, number(text.strip()), again=False)
    if status != SIGNED:
        raise ValueError(f"{status} {text.strip()[:200]}")
    return text


def _take(head: SignedHead, key: Key, text: str) -> None:
    """Keep the line of this witness, if it holds."""
    own = Note.read(head.note)
    lines = [line for line in map(signature, text.splitlines()) if line.is_of(key)]
    if not lines or cosigned_at(Note(own.text, (lines[0],)), key) is None:
        raise ValueError("the answer holds no signature of this witness")
    _keep(head, key, lines[0])


@transaction.atomic
def _keep(head: SignedHead, key: Key, line: Signature) -> None:
    Cosignature.objects.get_or_create(
        head=head, witness=key.name, defaults={"at": clock.now(), "line": str(line).strip()}
    )

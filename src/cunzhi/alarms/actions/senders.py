"""Whose messages are taken, and with which certificate they are verified."""

from cryptography.hazmat.primitives.serialization import Encoding
from django.db import transaction

from cunzhi.alarms.cap.certificates import certificate_of, paper_of, require_valid
from cunzhi.alarms.models import KnownSender
from cunzhi.alarms.queries.alarms import SET
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access
from cunzhi.registry.actions.rules import checked_words, unless_taken
from cunzhi.registry.queries.places import require_place


@transaction.atomic
def know_sender(
    *, by: Actor, sender: str, name: str, place_code: str, basis: str, certificate: str = ""
) -> KnownSender:
    """From today on messages of this sender are taken for this place; with a certificate, only signed ones."""
    Access(by).require(SET, place_code)
    require_place(place_code)
    pem, fingerprint = _checked(certificate)
    with unless_taken("alarms.cap.sender_known", "sender"):
        made = KnownSender.objects.create(
            sender=checked_words(sender, "sender", 120), name=checked_words(name, "name", 120), place_code=place_code,
            since=clock.today(), basis=checked_words(basis, "basis"), certificate=pem,
        )  # fmt: skip
    detail = {"sender": made.sender, "certificate": fingerprint}
    note(by=by, verb="capsender.add", record=made.record, place_code=place_code, detail=detail)
    return made


@transaction.atomic
def certify_sender(*, by: Actor, sender: KnownSender, certificate: str, basis: str) -> KnownSender:
    """Another certificate, or none any more: messages of this sender are then taken unsigned again."""
    held = KnownSender.objects.select_for_update().get(pk=sender.pk)
    Access(by).require(SET, held.place_code)
    _, before = _checked(held.certificate, valid=False)
    held.certificate, fingerprint = _checked(certificate)
    held.save(update_fields=["certificate"])
    detail = {
        "sender": held.sender, "certificate": fingerprint, "before": before, "basis": checked_words(basis, "basis"),
    }  # fmt: skip
    note(by=by, verb="capsender.certify", record=held.record, place_code=held.place_code, detail=detail)
    return held


def _checked(pem: str, *, valid: bool = True) -> tuple[str, str]:
    """The certificate in its one spelling, and its fingerprint."""
    if not pem.strip():
        return "", ""
    found = certificate_of(pem)
    if valid:
        require_valid(found)
    return found.public_bytes(Encoding.PEM).decode(), paper_of(found).fingerprint

"""Signed messages: taken as they were signed and by whom, or not at all."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from alarms.riverside import BY, COUNTY, MONDAY, TOWNSHIP, River
from alarms.signing import Signer, signer
from alarms.test_cap_in import BOMB, SENDER, cap
from cryptography.hazmat.primitives.asymmetric import dsa, rsa
from lxml import etree
from signxml import XMLSigner, methods

from cunzhi.alarms.actions.senders import certify_sender, know_sender
from cunzhi.alarms.cap.certificates import certificate_of, paper_of
from cunzhi.alarms.cap.signature import signed_part
from cunzhi.alarms.models import Alarm, KnownSender, Warned
from cunzhi.base import clock
from cunzhi.base.errors import Conflict, Forbidden, Refused
from cunzhi.engine.alarming import receive
from cunzhi.journal.models import Entry

DSIG = "{http://www.w3.org/2000/09/xmldsig#}"
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
BASIS = "区应急办〔2026〕2号"


@pytest.fixture
def service(river: River) -> Signer:
    """A weather service whose certificate the county has entered."""
    made = signer()
    know_sender(by=BY, sender=SENDER, name="巴南区气象台", place_code=COUNTY, basis=BASIS, certificate=made.pem)
    return made


def refusal(data: bytes) -> str:
    """Why it was not taken; and nothing of it was."""
    with pytest.raises(Refused) as refused:
        receive(BY, data)
    for language in ("zh-hans", "en"):
        assert len(refused.value.say(language)) > 10
    assert not Warned.objects.exists() and not Alarm.objects.exists()
    return refused.value.code.removeprefix("alarms.cap.")


def test_signed_message_is_taken_and_who_signed_is_kept(service: Signer) -> None:
    made = receive(BY, service.sign(cap()))
    assert (made.hazard, made.colour, made.signer) == ("rainstorm", "red", "CN=巴南区气象台")
    assert made.signed_by == paper_of(service.certificate).fingerprint
    assert Entry.objects.get(verb="warning.received").detail["signed_by"] == made.signed_by


@pytest.mark.parametrize("how", [
    {}, {"signature_algorithm": "rsa-sha512", "digest_algorithm": "sha512"},
    {"signature_algorithm": "sha256-rsa-MGF1"}, {"c14n_algorithm": "http://www.w3.org/2001/10/xml-exc-c14n#"},
])  # fmt: skip
def test_ways_of_signing_that_hold_are_taken(river: River, how: dict[str, str]) -> None:
    made = signer(rsa.generate_private_key(65537, 2048))
    know_sender(by=BY, sender=SENDER, name="w", place_code=COUNTY, basis=BASIS, certificate=made.pem)
    assert receive(BY, made.sign(cap(), **how)).signed_by


def test_unsigned_message_of_a_sender_with_a_certificate_is_refused(service: Signer) -> None:
    assert refusal(cap()) == "unsigned"


def test_every_changed_byte_of_what_is_said_is_noticed(service: Signer) -> None:
    data = service.sign(cap())
    for old, new in ((b"Immediate", b"Future"), (b"w1<", b"w2<"), (b"500113", b"500114"), (b"11B03", b"11B02")):
        assert old in data
        assert refusal(data.replace(old, new, 1)) == "signature"


def test_another_key_is_refused_also_when_the_message_brings_its_certificate(service: Signer) -> None:
    assert refusal(signer().sign(cap())) == "signature"
    assert refusal(signer(rsa.generate_private_key(65537, 2048)).sign(cap())) == "signature"


def test_certificate_outside_its_days_is_refused(river: River) -> None:
    short = signer(days=10)
    know_sender(by=BY, sender=SENDER, name="w", place_code=COUNTY, basis=BASIS, certificate=short.pem)
    later = {"sent": "2026-07-20T13:50:00+08:00", "expires": "2026-07-20T20:00:00+08:00"}
    with clock.at(MONDAY + timedelta(days=14)):
        assert refusal(short.sign(cap(**later))) == "certificate_over"


def moved_inside(root: etree._Element) -> None:
    """The signature where only a careless reader looks for it."""
    root.find(f"{CAP}info").append(root.find(f"{DSIG}Signature"))


def twice(root: etree._Element) -> None:
    """A second signature beside the true one."""
    root.append(etree.fromstring(etree.tostring(root.find(f"{DSIG}Signature"))))


def wrapped(root: etree._Element) -> None:
    """What was signed goes into the signature's own object, and a forged message takes its place."""
    true = etree.fromstring(etree.tostring(root))
    signature = root.find(f"{DSIG}Signature")
    etree.SubElement(signature, f"{DSIG}Object").append(true)
    root.find(f"{CAP}info/{CAP}headline").text = "假的"


def inside_out(root: etree._Element) -> None:
    """The signed message becomes a part of another, whose signature names only that part."""
    true = etree.fromstring(etree.tostring(root))
    true.set("Id", "true")
    signature = root.find(f"{DSIG}Signature")
    signature.find(f".//{DSIG}Reference").set("URI", "#true")
    etree.SubElement(signature, f"{DSIG}Object").append(true)


@pytest.mark.parametrize("wrap", [moved_inside, twice, wrapped, inside_out])
def test_wrapping_is_refused(service: Signer, wrap: Callable[[etree._Element], None]) -> None:
    root = etree.fromstring(service.sign(cap()))
    wrap(root)
    assert refusal(etree.tostring(root)) in ("signature", "signature_place")


def test_signature_over_a_part_alone_is_refused(service: Signer) -> None:
    """A true signature of the right key, but only over an element of the message."""
    root = etree.fromstring(cap())
    root.find(f"{CAP}info/{CAP}area").set("Id", "part")
    how = XMLSigner(method=methods.enveloped, signature_algorithm="ecdsa-sha256")
    signed = how.sign(root, key=service.key, cert=[service.certificate], reference_uri="#part")
    assert refusal(etree.tostring(signed)) == "signature_place"


def test_what_is_read_is_what_was_signed_without_comments(service: Signer) -> None:
    """Comments are not signed; a reader that stops at one would see another sender or number."""
    data = service.sign(cap()).replace(b"<identifier>w1<", b"<identifier>w<!-- -->1<")
    assert receive(BY, data).identifier == "w1"


class Careless(XMLSigner):
    """Signs in ways that are no longer safe."""

    def check_deprecated_methods(self) -> None:
        pass


def test_unsafe_ways_of_signing_are_refused(river: River) -> None:
    made = signer(rsa.generate_private_key(65537, 2048))
    know_sender(by=BY, sender=SENDER, name="w", place_code=COUNTY, basis=BASIS, certificate=made.pem)
    for how in ({"signature_algorithm": "rsa-sha1"}, {"signature_algorithm": "rsa-sha256", "digest_algorithm": "sha1"}):
        careless = Careless(method=methods.enveloped, **how)
        assert refusal(etree.tostring(careless.sign(etree.fromstring(cap()), key=made.key))) == "signature"
    shared = XMLSigner(method=methods.enveloped, signature_algorithm="hmac-sha256")
    signed = shared.sign(etree.fromstring(cap()), key=made.pem.encode())  # a certificate is no secret
    assert refusal(etree.tostring(signed)) == "signature"


def test_document_type_size_and_noise_are_refused_before_any_key_is_used(service: Signer) -> None:
    data = service.sign(cap())
    head = b'<?xml version="1.0"?>'
    assert refusal(head + BOMB.encode() + data) == "entities"
    assert refusal(data + b" " * 2_000_000) == "large"
    assert refusal(data[:-300]) == "no_xml"
    deep = b"<a>" * 100_000 + b"</a>" * 100_000
    assert refusal(data.replace(b"</alert>", deep + b"</alert>")) in ("order", "no_xml")
    start, end = data.index(b"SignatureValue>"), data.index(b"</ds:SignatureValue")
    for noise in (b"", b"AAAA", b"%%%%", data[start + 15 : end][:-8]):
        assert refusal(data[: start + 15] + noise + data[end:]) == "signature"


def test_same_message_again_and_another_under_its_number(service: Signer) -> None:
    data = service.sign(cap())
    made = receive(BY, data)
    with clock.at(MONDAY + timedelta(days=400)):  # also when the certificate is over by then
        assert receive(BY, data) == made
    with pytest.raises(Conflict):
        receive(BY, service.sign(cap(severity="Minor")))


def test_next_certificate_takes_the_place_of_the_last_and_is_noted(service: Signer, river: River) -> None:
    known = KnownSender.objects.get()
    following = signer()
    with pytest.raises(Forbidden):
        certify_sender(by=river.actor("village_cadre"), sender=known, certificate="", basis=BASIS)
    certify_sender(by=BY, sender=known, certificate=following.pem, basis="证书更新")
    noted = Entry.objects.get(verb="capsender.certify").detail
    assert (noted["before"], noted["certificate"]) == (
        paper_of(service.certificate).fingerprint, paper_of(following.certificate).fingerprint,
    )  # fmt: skip
    assert refusal(service.sign(cap())) == "signature"
    assert receive(BY, following.sign(cap())).signed_by
    certify_sender(by=BY, sender=known, certificate="", basis="停用签名")
    assert receive(BY, cap("w9")).signed_by == ""


def test_sender_known_twice_is_not_easier_to_forge(service: Signer) -> None:
    know_sender(by=BY, sender=SENDER, name="w", place_code=TOWNSHIP, basis=BASIS)
    assert refusal(cap()) == "unsigned"


@pytest.mark.parametrize("pem", ["x", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "x" * 30_000])
def test_what_is_no_certificate_is_refused(river: River, pem: str) -> None:
    with pytest.raises(Refused, match="PEM"):
        know_sender(by=BY, sender=SENDER, name="w", place_code=COUNTY, basis=BASIS, certificate=pem)


def test_weak_over_or_several_certificates_are_refused(river: River) -> None:
    good = signer()
    for bad, code in (
        (signer(rsa.generate_private_key(65537, 1024)).pem, "weak_key"),
        (signer(dsa.generate_private_key(2048)).pem, "weak_key"),
        (signer(since=MONDAY - timedelta(days=100), days=50).pem, "certificate_over"),
        (good.pem + good.pem, "no_certificate"),
    ):
        with pytest.raises(Refused) as refused:
            know_sender(by=BY, sender=SENDER, name="w", place_code=COUNTY, basis=BASIS, certificate=bad)
        assert refused.value.code == f"alarms.cap.{code}"


def test_signed_part_is_never_more_than_what_was_signed(service: Signer) -> None:
    part, by = signed_part(service.sign(cap()), [certificate_of(service.pem)])
    assert by == service.certificate and b"Signature" not in part


def test_certificate_of_a_township_vouches_for_no_county(river: River, service: Signer) -> None:
    """Who may set alarms in a township enters a certificate there; it opens nothing above, and nothing beside."""
    forger = signer(name="forger")
    township = river.actor("township_officer")
    know_sender(by=township, sender=SENDER, name="w", place_code=TOWNSHIP, basis=BASIS, certificate=forger.pem)
    assert refusal(forger.sign(cap())) == "signature"
    assert receive(BY, service.sign(cap())).signer == "CN=巴南区气象台"


def test_certificate_below_closes_nothing_above(river: River) -> None:
    know_sender(by=BY, sender=SENDER, name="w", place_code=COUNTY, basis=BASIS)
    know_sender(by=BY, sender=SENDER, name="w", place_code=TOWNSHIP, basis=BASIS, certificate=signer().pem)
    assert receive(BY, cap()).signed_by == ""

"""Certificates of those whose warnings we take: entered by the county, never taken from a message."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import Certificate, load_pem_x509_certificates

from cunzhi.base import clock
from cunzhi.base.errors import Refused

LONGEST = 20_000
SMALLEST = {RSAPublicKey: 2048, EllipticCurvePublicKey: 256}
"""Bits of a key that nobody reckons out."""
SOON = timedelta(days=30)


@dataclass(frozen=True)
class Paper:
    """What people are shown of a certificate."""

    subject: str
    fingerprint: str
    until: datetime

    @property
    def over(self) -> bool:
        return clock.now() > self.until

    @property
    def over_soon(self) -> bool:
        return clock.now() > self.until - SOON


def certificate_of(pem: str) -> Certificate:
    """The one certificate of a PEM text, if its key is of a kind that we verify with."""
    try:
        [found] = load_pem_x509_certificates(pem.encode()) if len(pem) <= LONGEST else []
        key = found.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise Refused("alarms.cap.no_certificate", field="certificate") from None
    least = next((bits for kind, bits in SMALLEST.items() if isinstance(key, kind)), None)
    if least is None or key.key_size < least:  # type: ignore[union-attr]
        raise Refused("alarms.cap.weak_key", field="certificate")
    return found


def paper_of(certificate: Certificate) -> Paper:
    """Whose it is, how one knows it, and until when it holds."""
    return Paper(
        subject=certificate.subject.rfc4514_string()[:200] or f"{certificate.serial_number:x}",
        fingerprint=certificate.fingerprint(SHA256()).hex(),
        until=certificate.not_valid_after_utc,
    )


def require_valid(certificate: Certificate) -> None:
    """Refused before its first and after its last day."""
    if not certificate.not_valid_before_utc <= clock.now() <= certificate.not_valid_after_utc:
        raise Refused(
            "alarms.cap.certificate_over",
            field="certificate",
            since=f"{certificate.not_valid_before_utc.astimezone(clock.ZONE):%Y-%m-%d}",
            until=f"{certificate.not_valid_after_utc.astimezone(clock.ZONE):%Y-%m-%d}",
        )

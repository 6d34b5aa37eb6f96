"""Certificates of weather services that do not exist, and messages signed with them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import XMLSigner, methods

from cunzhi.base import clock


@dataclass(frozen=True)
class Signer:
    """A key, and the certificate that the county enters."""

    key: Any
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def sign(self, data: bytes, **how: Any) -> bytes:
        """The message with an enveloped signature, as CAP wants it."""
        signer = XMLSigner(**({"method": methods.enveloped, "signature_algorithm": self.algorithm} | how))
        return etree.tostring(signer.sign(etree.fromstring(data), key=self.key, cert=[self.certificate]))

    @property
    def algorithm(self) -> str:
        return "rsa-sha256" if isinstance(self.key, rsa.RSAPrivateKey) else "ecdsa-sha256"


def signer(key: Any = None, *, name: str = "巴南区气象台", since: datetime | None = None, days: int = 365) -> Signer:
    """Somebody who signs, from yesterday on for a year if nothing else is said."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    since = since or clock.now() - timedelta(days=1)
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder(issuer_name=called, subject_name=called, public_key=key.public_key(),
                                   serial_number=x509.random_serial_number(), not_valid_before=since,
                                   not_valid_after=since + timedelta(days=days))  # fmt: skip
    return Signer(key, made.sign(key, SHA256()))

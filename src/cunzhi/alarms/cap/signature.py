"""Signatures in messages: what may be read of a message is what the holder of a known certificate signed.

CAP knows the enveloped XML signature alone: an element `Signature` in the alert, over the whole alert without itself.
"""

from collections.abc import Sequence
from typing import Any, cast

from cryptography.x509 import Certificate
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, VerifyResult, XMLVerifier

from cunzhi.alarms.cap.certificates import require_valid
from cunzhi.base.errors import Refused

XML_SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
METHODS = frozenset({
    SignatureMethod.RSA_SHA256, SignatureMethod.RSA_SHA384, SignatureMethod.RSA_SHA512,
    SignatureMethod.SHA256_RSA_MGF1, SignatureMethod.SHA384_RSA_MGF1, SignatureMethod.SHA512_RSA_MGF1,
    SignatureMethod.ECDSA_SHA256, SignatureMethod.ECDSA_SHA384, SignatureMethod.ECDSA_SHA512,
})  # fmt: skip
"""No SHA-1, which can be forged, and no HMAC, whose key is no secret when it is taken from a certificate."""
DIGESTS = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})
WHOLE = SignatureConfiguration(location="./", expect_references=1, signature_methods=METHODS, digest_algorithms=DIGESTS)


def signed_part(data: bytes, certificates: Sequence[Certificate]) -> tuple[bytes, Certificate]:
    """The bytes that were signed, to be read instead of the message, and by whose certificate.

    Refused unless exactly one signature stands directly in the outermost element and covers all of it. Whoever calls
    has looked at size and document type before.
    """
    root = _one_signature(data)
    failed = Refused("alarms.cap.signature", field="file")
    for certificate in certificates:
        try:
            require_valid(certificate)
            return _verified(root, certificate), certificate
        except Refused as refused:
            failed = refused
    raise failed


def carries_signature(xml: str) -> bool:
    """Whether somebody signed it, rightly or not."""
    return XML_SIGNATURE in xml


def _one_signature(data: bytes) -> Any:
    """The message, in which one signature stands where it should. The verifier's own parser resolves no entities."""
    try:
        root = XMLVerifier().get_root(data)  # type: ignore[no-untyped-call]
    except (SyntaxError, ValueError, SignXMLException) as error:
        raise Refused("alarms.cap.no_xml", field="file", said=str(error)[:100]) from None
    found = list(root.iter(f"{{{XML_SIGNATURE}}}Signature"))
    if not found:
        raise Refused("alarms.cap.unsigned", field="file")
    if len(found) > 1 or found[0].getparent() is not root:
        raise Refused("alarms.cap.signature_place", field="file")
    return root


def _verified(root: Any, certificate: Certificate) -> bytes:
    try:
        result = cast(VerifyResult, XMLVerifier().verify(root, x509_cert=certificate, expect_config=WHOLE))
        [reference] = result.signature_xml.iter(f"{{{XML_SIGNATURE}}}Reference")
    except Exception:  # noqa: BLE001  whatever a hostile message does to the verifier, it is not verified
        raise Refused("alarms.cap.signature", field="file") from None
    if reference.get("URI") != "":  # another part than the whole: nothing outside it is vouched for
        raise Refused("alarms.cap.signature_place", field="file")
    return bytes(result.signed_data)

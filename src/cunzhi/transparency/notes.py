"""Signed notes (c2sp.org/signed-note): a text, and lines by which named keys stand for it."""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from cunzhi.transparency.errors import Doubt

LOG, COSIGNER = 1, 4
"""Signature types: a log's own Ed25519, and a witness's with the time."""
KINDS = {LOG, COSIGNER}
KEY_BYTES = 32
MOST_SIGNATURES = 64
NAME = re.compile(r"[^\s+]+")
LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")


@dataclass(frozen=True)
class Key:
    """A public key with its name: what one has to trust beforehand. Written as a vkey."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{encoded(bytes([self.kind]) + self.public)}"

    @classmethod
    def read(cls, text: str) -> Self:
        parts = text.split("+", 2)
        try:
            material = base64.b64decode(parts[2], validate=True)
            key = cls(parts[0], material[0], material[1:])
        except (IndexError, binascii.Error) as error:
            raise Doubt("key", f"this is not a key: {text!r}") from error
        if not NAME.fullmatch(key.name) or key.kind not in KINDS or len(key.public) != KEY_BYTES:
            raise Doubt("key", f"this is not an Ed25519 key of a log or a witness: {text!r}")
        if parts[1] != key.id.hex():
            raise Doubt("key", f"the middle of this key does not fit the rest of it: {text!r}")
        return key

    def holds(self, message: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """A secret key with its name."""

    name: str
    kind: int
    seed: bytes

    @property
    def key(self) -> Key:
        return Key(self.name, self.kind, self._private.public_key().public_bytes_raw())

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)


@dataclass(frozen=True)
class Signature:
    """One line under a note: who says to have signed, and what."""

    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"— {self.name} {encoded(self.key_id + self.value)}\n"

    def is_of(self, key: Key) -> bool:
        return (self.name, self.key_id) == (key.name, key.id)


@dataclass(frozen=True)
class Note:
    """A text that ends with a line, and its signatures, of which nothing is known before they are checked."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    @classmethod
    def read(cls, written: str | bytes) -> Self:
        whole = _text(written)
        text, gap, lines = whole.rpartition("\n\n")
        if not gap or not lines.endswith("\n"):
            raise Doubt("note", "this is not a signed note: a text, an empty line, lines of signatures")
        found = tuple(map(signature, lines.splitlines()))
        if not 0 < len(found) <= MOST_SIGNATURES:
            raise Doubt("note", f"a note has one to {MOST_SIGNATURES} signatures, not {len(found)}")
        return cls(text + "\n", found)

    def by(self, key: Key) -> list[Signature]:
        return [one for one in self.signatures if one.is_of(key)]

    def signed_by(self, key: Key) -> bool:
        """Whether the log's key stands for the text; Doubt when a line claims it and it is not so."""
        found = self.by(key)
        if not all(key.holds(self.text.encode(), one.value) for one in found):
            raise Doubt("signature", f"the signature of {key.name} does not fit the text")
        return bool(found)


def sign(text: str, signer: Signer) -> Note:
    key = signer.key
    return Note(text, (Signature(key.name, key.id, signer.sign(text.encode())),))


def signature(line: str) -> Signature:
    match = LINE.fullmatch(line)
    try:
        raw = base64.b64decode(match[2], validate=True) if match else b""
    except binascii.Error:
        raw = b""
    if not match or len(raw) <= 4:  # the four bytes of the key's id, and a signature
        raise Doubt("note", f"this is not a line of a signature: {line[:80]!r}")
    return Signature(match[1], raw[:4], raw[4:])


def _text(written: str | bytes) -> str:
    try:
        whole = written.decode() if isinstance(written, bytes) else written
    except UnicodeDecodeError as error:
        raise Doubt("note", "this is not UTF-8") from error
    if any(letter < " " and letter != "\n" for letter in whole):
        raise Doubt("note", "there are control characters in this note")
    return whole


def encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def hashed(text: str) -> bytes:
    """A hash as it stands in a line of base64."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != KEY_BYTES or encoded(raw) != text:
        raise Doubt("hash", f"this is not a hash in base64: {text[:60]!r}")
    return raw

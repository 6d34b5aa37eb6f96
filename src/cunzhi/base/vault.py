"""Identity numbers and phones at rest: sealed so that only we read them, blinded so that we can look them up."""

import hashlib
import hmac
import unicodedata
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from cunzhi.base.errors import Refused

SHORTEST_PEPPER = 16


class VaultRefused(Refused):
    """The vault cannot be set up, or cannot open what it was given."""


class Vault:
    """Seals with the first key, opens with any; `pepper` never changes, or nothing is found again."""

    def __init__(self, keys: Sequence[bytes], pepper: bytes) -> None:
        if not keys:
            raise VaultRefused("base.vault.no_key")
        if len(pepper) < SHORTEST_PEPPER:
            raise VaultRefused("base.vault.pepper", shortest=SHORTEST_PEPPER)
        self._fernet = MultiFernet([_fernet(key, place) for place, key in enumerate(keys, start=1)])
        self._pepper = pepper

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """The text that was sealed; refuses when no key fits or a character was changed."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise VaultRefused("base.vault.unreadable") from None

    def rotate(self, sealed: str) -> str:
        """The same text sealed anew with the first key."""
        return self.seal(self.open(sealed))

    def blind(self, text: str, *, purpose: str) -> str:
        """A keyed hash to look a value up by; the same value under two purposes cannot be joined."""
        message = f"{purpose}\x00{_normalised(text)}".encode()
        return hmac.new(self._pepper, message, hashlib.sha256).hexdigest()


def _fernet(key: bytes, place: int) -> Fernet:
    try:
        return Fernet(key)
    except ValueError:
        raise VaultRefused("base.vault.key", place=place) from None


def _normalised(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()

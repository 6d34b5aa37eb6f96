"""The one place that makes the vault of this installation."""

from functools import cache

from django.conf import settings

from cunzhi.base.vault import Vault

IDENTITY = "identity"
PHONE = "phone"


@cache
def vault() -> Vault:
    """Seals identity numbers and phones; its keys are the installation's."""
    return Vault(settings.SECRETS.vault, settings.SECRETS.pepper)


def sealed_and_blind(text: str, purpose: str) -> tuple[str, str]:
    """What is kept of a number: the sealed text, and the hash by which it is found again."""
    return vault().seal(text), vault().blind(text, purpose=purpose)

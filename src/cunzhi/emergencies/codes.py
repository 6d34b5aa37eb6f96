"""The code on a shelter's sheet: whoever stands before it can say that their household has come."""

import hmac

from django.conf import settings

from cunzhi.base.numbers import DIGITS
from cunzhi.emergencies.models import Emergency, Shelter

LENGTH = 8
MISREAD = str.maketrans("OIL", "011")


def code_of(emergency: Emergency, shelter: Shelter) -> str:
    """Of this emergency and shelter alone: a sheet of last year opens nothing. It is printed, so it does not change
    while the emergency runs, which may be hours without power."""
    said = f"shelter:{emergency.pk}:{shelter.pk}"
    digest = hmac.digest(settings.SECRETS.pepper, said.encode(), "sha256")
    return "".join(DIGITS[byte % len(DIGITS)] for byte in digest[:LENGTH])


def opens(emergency: Emergency, shelter: Shelter, typed: str) -> bool:
    """Whether it is the code, however it was typed."""
    plain = "".join(letter for letter in typed.upper().translate(MISREAD) if letter in DIGITS)
    return hmac.compare_digest(plain, code_of(emergency, shelter))

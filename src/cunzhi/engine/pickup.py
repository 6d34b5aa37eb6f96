"""The code by which the subject of a case shows that a thing may be handed over."""

import hmac

from django.conf import settings

from cunzhi.base.numbers import pickup_code
from cunzhi.engine.models import Case


def code_of(case: Case) -> str:
    """Six figures, the same for the whole life of the case, that only the installation can work out."""
    key = hmac.digest(settings.SECRETS.pepper, b"pickup", "sha256")
    return pickup_code(key, case.number)

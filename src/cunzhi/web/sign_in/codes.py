"""One-time codes: sent to a phone, good for five minutes and five tries, limited by phone and by address."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.db.models import F

from cunzhi.adapters.messages.chosen import sms_sender
from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.base.messages import say
from cunzhi.registry.models import Account
from cunzhi.web.models import SignInCode

MINUTES = 5
TRIES = 5
PAUSE = timedelta(minutes=1)
WINDOW = timedelta(hours=1)
KEPT = timedelta(days=1)
BY_PHONE = 5
BY_ADDRESS = 40
"""A whole village may come from one address: its wall of antennas shares one."""


class TooMany(Refused):
    """Codes are asked for faster than a person needs them."""


def send_code(*, phone: str, phone_blind: str, address: str) -> None:
    """Send a code to the phone if somebody signs in with it; say nothing about whether somebody does."""
    address_blind = _keyed(f"address:{address}")
    _refuse_haste(phone_blind, address_blind)
    code = f"{secrets.randbelow(1_000_000):06}"
    SignInCode.objects.filter(sent_at__lt=clock.now() - KEPT).delete()
    row = SignInCode.objects.create(
        phone_blind=phone_blind,
        address_blind=address_blind,
        code_hash=_keyed(f"code:{phone_blind}:{code}"),
        sent_at=clock.now(),
    )
    account = Account.objects.filter(phone_blind=phone_blind, is_active=True).first()
    if account is not None:
        text = say("web.sign_in.message", account.language, code=code, minutes=MINUTES)
        sms_sender().send(phone, text, key=f"sign-in:{row.pk}")


def check_code(*, phone_blind: str, code: str) -> Account | None:
    """The account that the code opens, or None. Every call costs a try; a code opens once."""
    newest = SignInCode.objects.filter(phone_blind=phone_blind).order_by("-sent_at", "-id").first()
    if newest is None:
        return None
    fresh = {"used_at": None, "sent_at__gt": clock.now() - timedelta(minutes=MINUTES)}
    counted = SignInCode.objects.filter(pk=newest.pk, tries__lt=TRIES, **fresh).update(tries=F("tries") + 1)
    right = hmac.compare_digest(newest.code_hash, _keyed(f"code:{phone_blind}:{code}"))
    if not counted or not right:
        return None
    opened = SignInCode.objects.filter(pk=newest.pk, used_at=None).update(used_at=clock.now())
    return Account.objects.filter(phone_blind=phone_blind, is_active=True).first() if opened else None


def _refuse_haste(phone_blind: str, address_blind: str) -> None:
    sent = SignInCode.objects.filter(sent_at__gt=clock.now() - WINDOW)
    to_phone = sent.filter(phone_blind=phone_blind)
    if to_phone.filter(sent_at__gt=clock.now() - PAUSE).exists():
        raise TooMany("web.sign_in.just_sent", seconds=int(PAUSE.total_seconds()))
    if to_phone.count() >= BY_PHONE or sent.filter(address_blind=address_blind).count() >= BY_ADDRESS:
        raise TooMany("web.sign_in.too_many")


def _keyed(text: str) -> str:
    """A hash that cannot be tried out without the key of this installation."""
    return hmac.new(settings.SECRETS.pepper, f"sign-in:{text}".encode(), hashlib.sha256).hexdigest()

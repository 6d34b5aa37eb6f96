"""Who calls: the holder of a token, or whoever is signed in with a browser."""

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from cunzhi.adapters.pictures.port import DEFAULT_LIMITS
from cunzhi.api import throttle
from cunzhi.api.errors import NotSignedIn, TooLong, TooMany
from cunzhi.api.models import ApiToken
from cunzhi.api.queries import token_by, words_of
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Forbidden
from cunzhi.registry.access import Access
from cunzhi.registry.queries.people import current

MOST_BYTES = DEFAULT_LIMITS.bytes + 100_000
"""A picture and what a form puts around it."""
USED_AGAIN_AFTER = timedelta(hours=1)
"""How coarse the note of the last use is: a write at every request would cost more than it tells."""


@dataclass(frozen=True)
class Caller:
    """Who calls and what they may do here."""

    actor: Actor
    access: Access
    key: str

    @property
    def person_id(self) -> int:
        """The person: nobody else is let in."""
        return cast(int, self.actor.person_id)

    def need(self, verb: str) -> None:
        """Forbidden when the token leaves this verb out. What the person may do is for the rules to say."""
        if not self.actor.allows(verb):
            raise Forbidden("api.token_lacks", verb=words_of(verb))


class ApiRequest(HttpRequest):
    """A request whose caller is known."""

    auth: Caller


class Token(HttpBearer):
    """`Authorization: Bearer cunzhi_…`, a token made under 'Tokens for programs' on the page 'Me'."""

    openapi_description = "A token, made under 'Tokens for programs' on the page 'Me'."

    def __call__(self, request: HttpRequest) -> Caller | None:
        refuse_long(request)
        return cast(Caller | None, super().__call__(request))

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        return counted(caller_by_token(request, token))


class Session(AuthBase):
    """The browser's session, for the page that describes the API; what changes something needs the CSRF token too."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = settings.SESSION_COOKIE_NAME
    csrf = True

    def __call__(self, request: HttpRequest) -> Caller:
        if not request.user.is_authenticated:
            if throttle.over(f"address:{throttle.address_of(request)}", throttle.LIMITS.address):
                raise TooMany("api.too_many", seconds=throttle.seconds_to_wait())
            raise NotSignedIn("api.not_signed_in")
        if check_csrf(request):
            raise Forbidden("api.csrf")
        person_id = request.user.person_id
        actor = Actor(person_id=person_id, channel="api")
        return counted(Caller(actor, Access(actor), f"person:{person_id}"))


def caller_by_token(request: HttpRequest, secret: str) -> Caller:
    """The holder of a secret; NotSignedIn, and soon TooMany, for a secret that opens nothing."""
    token = token_by(secret.strip())
    if token is None:
        if throttle.over(f"failed:{throttle.address_of(request)}", throttle.LIMITS.failed):
            raise TooMany("api.too_many", seconds=throttle.seconds_to_wait())
        raise NotSignedIn("api.token_unknown")
    _note_use(token)
    actor = Actor(person_id=current(token.person).pk, channel="api", verbs=frozenset(token.verbs))
    return Caller(actor, Access(actor), token.record)


def counted(caller: Caller) -> Caller:
    """The caller, unless this is one request too many in this minute."""
    if throttle.over(caller.key, throttle.LIMITS.caller):
        raise TooMany("api.too_many", seconds=throttle.seconds_to_wait())
    return caller


def refuse_long(request: HttpRequest) -> None:
    """Before a byte of the body is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > MOST_BYTES:
        raise TooLong("api.too_long", most=MOST_BYTES // 1_000_000)


def _note_use(token: ApiToken) -> None:
    now = clock.now()
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - USED_AGAIN_AFTER)
    if token.last_used_at is None or token.last_used_at < now - USED_AGAIN_AFTER:
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)

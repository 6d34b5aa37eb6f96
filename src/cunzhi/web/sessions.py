"""Sessions in the database that know whose they are, read together with the account and the person."""

from copy import deepcopy
from datetime import date
from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.dateparse import parse_datetime

from cunzhi.base import clock
from cunzhi.base.clock import EXAMPLE
from cunzhi.base.prepared import Prepared
from cunzhi.registry.access import Grant, grants_of, held_with
from cunzhi.registry.models import Account, Person
from cunzhi.web.models import Session

DEVICE = "device"
BEGUN = "begun_at"
BY_CODE = "by_code"
"""Keys of what a session remembers: the browser, since when, and whether it was opened by a one-time code."""
KEPT = 2_000
"""Of how many sessions a process keeps the unpacked content."""
BACKEND = "django.contrib.auth.backends.ModelBackend"
ACCOUNT = [field.attname for field in Account._meta.concrete_fields]
PERSON = [field.attname for field in Person._meta.concrete_fields]


def _open(key: str, moment: object, day: date) -> QuerySet[Any, Any]:
    of_account = [f"account__{name}" for name in ACCOUNT]
    of_person = [f"account__person__{name}" for name in PERSON]
    rows = Session.objects.filter(session_key=key, expire_date__gt=moment)
    known: QuerySet[Any, Any] = held_with(rows, "account__person_id", day)
    return known.values_list("session_data", "held", "doubled", *of_account, *of_person)


OPEN = Prepared(_open, key="a key", moment=EXAMPLE, day=EXAMPLE.date())


class SessionStore(DatabaseStore):
    """Django's, with the account, the device and the beginning copied into columns of their own."""

    account: Account | None = None
    grants: tuple[Grant, ...] | None = None
    """Whose session it is and what they may do, read with it; `signed_in` tells whether to believe it."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast(Session, super().create_model_instance(data))
        row.account_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.device = data.get(DEVICE, "")
        row.begun_at = parse_datetime(data[BEGUN]) if BEGUN in data else None
        return row

    def load(self) -> dict[str, Any]:
        """The content, whose it is, and what they may do: what every page needs, by one query."""
        moment = timezone.now()  # noqa: TID251 - sessions end by Django's clock
        found = OPEN.run(key=self.session_key, moment=moment, day=clock.today())
        if not found:
            self._session_key = None
            return {}
        data, held, doubled, *row = found[0]
        self.account = _account(row[: len(ACCOUNT)], row[len(ACCOUNT) :])
        if self.account is not None:
            self.grants = grants_of(self.account.person, held, doubled=doubled)
        return self.decode(data)

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """What was signed stays true: the same text is unpacked once, and copied for each request."""
        return deepcopy(_unpacked(session_data))


@lru_cache(maxsize=KEPT)
def _unpacked(session_data: bytes | str) -> dict[str, Any]:
    return DatabaseStore().decode(session_data)


def _account(account: list[Any], person: list[Any]) -> Account | None:
    if account[0] is None:
        return None
    found = Account.from_db("default", ACCOUNT, account)
    found.person = Person.from_db("default", PERSON, person)
    return found


class SignedInMiddleware(AuthenticationMiddleware):
    """Puts `user` on the request from the row that came with the session; at once, for every page asks who reads it."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = signed_in(request)


def signed_in(request: HttpRequest) -> Any:
    """Django's own checks; whatever does not pass them at once is left to Django, which knows what to do about it."""
    session = cast(SessionStore, request.session)
    if HASH_SESSION_KEY in session and session.account is not None and _holds(session, session.account):
        request._cached_user = session.account  # type: ignore[attr-defined]
    return get_user(request)


def _holds(session: SessionStore, account: Account) -> bool:
    return (
        account.is_active
        and session.get(SESSION_KEY) == str(account.pk)
        and session.get(BACKEND_SESSION_KEY) == BACKEND
        and BACKEND in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(session[HASH_SESSION_KEY], account.get_session_auth_hash())
    )

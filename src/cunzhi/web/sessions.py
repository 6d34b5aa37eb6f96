"""Sessions in the database that know whose they are, read together with the account and the person."""

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
from django.utils.functional import SimpleLazyObject

from cunzhi.base.clock import EXAMPLE
from cunzhi.base.prepared import Prepared
from cunzhi.registry.models import Account, Person
from cunzhi.web.models import Session

DEVICE = "device"
BEGUN = "begun_at"
BY_CODE = "by_code"
"""Keys of what a session remembers: the browser, since when, and whether it was opened by a one-time code."""
BACKEND = "django.contrib.auth.backends.ModelBackend"
ACCOUNT = [field.attname for field in Account._meta.concrete_fields]
PERSON = [field.attname for field in Person._meta.concrete_fields]


def _open(key: str, moment: object) -> QuerySet[Session, tuple[Any, ...]]:
    of_account = [f"account__{name}" for name in ACCOUNT]
    of_person = [f"account__person__{name}" for name in PERSON]
    rows = Session.objects.filter(session_key=key, expire_date__gt=moment)
    return rows.values_list("session_data", *of_account, *of_person)


OPEN = Prepared(_open, key="a key", moment=EXAMPLE)


class SessionStore(DatabaseStore):
    """Django's, with the account, the device and the beginning copied into columns of their own."""

    account: Account | None = None
    """Whose session it is, read with it; `signed_in` tells whether to believe it."""

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
        """The content, and whose it is: three rows that every page needs, by one query."""
        found = OPEN.run(key=self.session_key, moment=timezone.now())  # noqa: TID251 - sessions end by Django's clock
        if not found:
            self._session_key = None
            return {}
        data, *row = found[0]
        self.account = _account(row[: len(ACCOUNT)], row[len(ACCOUNT) :])
        return self.decode(data)


def _account(account: list[Any], person: list[Any]) -> Account | None:
    if account[0] is None:
        return None
    found = Account.from_db("default", ACCOUNT, account)
    found.person = Person.from_db("default", PERSON, person)
    return found


class SignedInMiddleware(AuthenticationMiddleware):
    """Puts `user` on the request from the row that came with the session."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: signed_in(request))  # type: ignore[assignment]


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

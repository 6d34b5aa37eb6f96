"""What every view of ours receives."""

from typing import cast

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from cunzhi.base.actor import Actor
from cunzhi.registry.access import Access
from cunzhi.registry.models import Account


class Request(HttpRequest):
    """Django's request with who reads, what they may do, in which language and size."""

    actor: Actor
    access: Access
    language: str
    care: bool
    htmx: HtmxDetails


def account_of(request: Request) -> Account:
    """The account that is signed in; for views that ask for a sign-in."""
    return cast(Account, request.user)

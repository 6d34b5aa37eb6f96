"""Tokens are made by the person whose rights they carry, and taken back by them or by the county's administrator."""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction

from cunzhi.api.models import ApiToken
from cunzhi.api.queries import BY_ROLE, grantable, tokens_of, words_of
from cunzhi.base import clock
from cunzhi.base.actor import ACT, OWN, Actor
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.base.secret import hash_of, new_secret
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access
from cunzhi.registry.models import Person

MOST_DAYS = 366
MOST_TOKENS = 20
LONGEST_NAME = 60
PREFIX = "cunzhi_"
"""So that people and programs that look for leaked secrets know one when they see it."""


@transaction.atomic
def make_token(*, by: Actor, name: str, verbs: Collection[str], days: int) -> tuple[ApiToken, str]:
    """A token and its secret, which is shown this once. It carries no right that its person does not have."""
    person = _maker(by)
    name = " ".join(name.replace("\x00", "").split())
    if not name or len(name) > LONGEST_NAME:
        raise Refused("api.token.name_wrong", field="name", longest=LONGEST_NAME)
    if not 1 <= days <= MOST_DAYS:
        raise Refused("api.token.days_beyond", field="days", most=MOST_DAYS)
    _check_verbs(by, verbs)
    now = clock.now()
    if tokens_of(person.pk).filter(revoked_at__isnull=True, until__gt=now).count() >= MOST_TOKENS:
        raise Refused("api.token.too_many", most=MOST_TOKENS)
    secret = new_secret(PREFIX)
    until = now + timedelta(days=days)
    token = ApiToken.objects.create(
        person=person, name=name, secret_hash=hash_of(secret), verbs=sorted(verbs), since=now, until=until
    )
    detail = {"person": person.pk, "verbs": token.verbs, "until": until.isoformat()}
    note(by=by, verb="token.made", record=token.record, place_code=person.place_code, detail=detail, private=name)
    return token, secret


@transaction.atomic
def revoke_token(*, by: Actor, token: ApiToken) -> ApiToken:
    """The token opens nothing from now on. Once revoked it stays so; asking again changes nothing."""
    token = ApiToken.objects.select_for_update(of=("self",)).select_related("person").get(pk=token.pk)
    if by.verbs is not None or not tokens_of(by.person_id or 0).filter(pk=token.pk).exists():
        Access(by).require("tokens.manage", token.person.place_code)
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        note(by=by, verb="token.revoked", record=token.record, place_code=token.person.place_code)
    return token


def _maker(by: Actor) -> Person:
    """The person who asks, in person: no token makes another, and nobody hands out somebody else's rights."""
    if by.person_id is None:
        raise Forbidden("engine.sign_in_first")
    if by.verbs is not None or by.for_person_id is not None:
        raise Forbidden("api.token.in_person")
    return Person.objects.select_for_update().get(pk=by.person_id)


def _check_verbs(by: Actor, verbs: Collection[str]) -> None:
    if not verbs:
        raise Refused("api.token.no_verbs", field="verbs")
    open_to_them = grantable(Access(by))
    for verb in sorted(verbs):
        if verb not in (OWN, ACT, *BY_ROLE):
            raise Refused("api.token.unknown_verb", field="verbs", verb=verb[:40])
        if verb not in open_to_them:
            raise Forbidden("api.token.beyond", field="verbs", verb=words_of(verb))

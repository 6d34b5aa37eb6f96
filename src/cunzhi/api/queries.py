"""Reads of tokens: whose, still valid or not, and what one may hand to a program."""

from django.db.models import QuerySet

from cunzhi.api.models import ApiToken
from cunzhi.base import clock
from cunzhi.base.actor import ACT, OWN
from cunzhi.base.messages import say
from cunzhi.base.secret import hash_of
from cunzhi.base.text import Text
from cunzhi.registry.access import Access, selves

BY_ROLE = ("case.see", "ledger.see", "figures.see", "figures.open", "sensors.see", "sensors.manage")
"""The verbs of roles that some operation asks for. A token carries no right that nothing needs: the day on which
something does, it is asked for anew."""


def token_by(secret: str) -> ApiToken | None:
    """The token with a secret, if it holds today and its person can still sign in."""
    now = clock.now()
    found = ApiToken.objects.filter(
        secret_hash=hash_of(secret),
        revoked_at__isnull=True,
        since__lte=now,
        until__gt=now,
        person__died_on__isnull=True,
        person__erased_on__isnull=True,
        person__account__is_active=True,
    )
    return found.select_related("person").first()


def tokens_of(person_id: int) -> QuerySet[ApiToken]:
    """A person's tokens, the newest first, also those that ended."""
    return ApiToken.objects.filter(person_id__in=selves(person_id).values("id")).order_by("-id")


def holds(token: ApiToken) -> bool:
    """Whether a token is neither revoked nor past its day."""
    return token.revoked_at is None and token.until > clock.now()


def grantable(access: Access) -> list[str]:
    """What somebody may let a program do for them: what is their own, and of the rest what a role of theirs allows."""
    own = [OWN, ACT] if access.grants else [OWN]
    return own + [verb for verb in BY_ROLE if access.places(verb)]


def words_of(verb: str) -> Text:
    """What a verb is called."""
    key = f"{'api' if verb in (OWN, ACT) else 'registry'}.verbs.{verb}"
    return Text(zh_Hans=say(key, "zh-hans"), en=say(key, "en"))

"""The log's name and keys, and the lock under which one at a time writes it."""

import hashlib
import hmac
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.db import connection

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.journal.models import Log, SignedHead
from cunzhi.transparency.errors import Doubt
from cunzhi.transparency.notes import COSIGNER, LOG, NAME, Signer
from cunzhi.transparency.policy import Policy

SEQUENCER, WITNESS = 7_230_061, 7_230_062
"""Numbers of PostgreSQL's advisory locks; nobody else here uses any."""
LOCAL = ("127.0.0.1", "localhost", "[::1]", "*", "")


def lock(number: int) -> None:
    """Be the only one until the transaction ends; SQLite lets in one writer at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def current_log() -> Log | None:
    return Log.objects.order_by("-id").first()


def signer(log: Log) -> Signer:
    """The key that signs this log; refused when the keys at hand are not those it began with."""
    made = signer_of(log.origin)
    if str(made.key) != log.key:
        raise Refused("journal.other_key", origin=log.origin)
    return made


def signer_of(origin: str) -> Signer:
    """Each log has a key of its own, all from one secret: policies know no two logs of the same key."""
    return Signer(origin, LOG, hmac.digest(settings.SECRETS.log, f"log {origin}".encode(), "sha256"))


def witness_signer() -> Signer:
    """The key with which this deployment signs the logs of others."""
    name = own_name().removesuffix("/log") + "/witness"
    return Signer(name, COSIGNER, settings.SECRETS.witness)


def begin(origin: str, *, after: str = "") -> Log:
    if not NAME.fullmatch(origin):
        raise Refused("journal.begin.name", origin=origin)
    if Log.objects.filter(origin=origin).exists():
        raise Refused("journal.begin.known", origin=origin)
    return Log.objects.create(origin=origin, key=str(signer_of(origin).key), begun_at=clock.now(), after=after)


def own_name() -> str:
    """The name that this deployment gives its log: its public name, or one by its key that nobody else has."""
    if settings.CUNZHI_LOG_ORIGIN:
        return str(settings.CUNZHI_LOG_ORIGIN)
    host = next((host.lstrip(".") for host in settings.ALLOWED_HOSTS if host not in LOCAL), "")
    return f"{host or hashlib.sha256(_public_key()).hexdigest()[:8] + '.cunzhi.invalid'}/log"


def _public_key() -> bytes:
    return signer_of("key").key.public


def last_head(log: Log) -> SignedHead | None:
    return log.heads.order_by("-size").first()


def policy() -> Policy:
    """The witnesses that are asked to sign our checkpoints, and how many of them must; nobody by default."""
    return _policy("log.policy")


def witnessed_logs() -> Policy:
    """The logs of others that this deployment signs as their witness; none by default."""
    return _policy("witness.policy")


def _policy(name: str) -> Policy:
    file = Path(settings.HOME) / name
    try:
        return Policy.read(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return replace(Policy(), quorum="none")
    except (Doubt, UnicodeDecodeError) as error:
        raise Refused("journal.policy", file=file, reason=error) from error

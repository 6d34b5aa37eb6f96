"""The keys of this installation: made at the first start, kept in its home folder, never in the repository."""

import json
import os
import secrets as random
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Secrets:
    """`django` signs cookies, `vault` seals personal data (newest first), `pepper` salts look-up hashes.

    `log` signs the heads of our own log, `witness` those of others.
    """

    django: str
    vault: tuple[bytes, ...]
    pepper: bytes
    log: bytes = b""
    witness: bytes = b""


def fresh() -> dict[str, object]:
    return {
        "django": random.token_urlsafe(50),
        "vault": [urlsafe_b64encode(random.token_bytes(32)).decode()],
        "pepper": random.token_hex(32),
        "log": random.token_hex(32),
        "witness": random.token_hex(32),
    }


def load_or_make(path: Path) -> Secrets:
    """Read the key file, making it (readable by its owner alone) when there is none."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _make(path, fresh())
    kept = json.loads(path.read_text())
    if missing := fresh().keys() - kept.keys():  # made by an earlier version, which had fewer keys
        _add(path, kept, missing)
        kept = json.loads(path.read_text())
    vault = tuple(key.encode() for key in kept["vault"])
    return Secrets(kept["django"], vault, *(bytes.fromhex(kept[name]) for name in ("pepper", "log", "witness")))


def _make(path: Path, content: dict[str, object]) -> bool:
    """Write a file that is not there yet; False when another process was quicker, and its keys are the keys."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(content, file)
    except FileExistsError:
        return False
    return True


def _add(path: Path, kept: dict[str, object], missing: set[str]) -> None:
    """Lay the missing keys beside the others, in one move: a file that is half written would lock everybody out."""
    beside = path.with_name(path.name + ".new")
    if _make(beside, {**{name: key for name, key in fresh().items() if name in missing}, **kept}):
        beside.replace(path)
        return
    for _ in range(50):  # another process is at it
        if not missing - json.loads(path.read_text()).keys():
            return
        time.sleep(0.1)
    raise OSError(f"{beside} is in the way: if no other process of Cunzhi runs, remove it and start again")

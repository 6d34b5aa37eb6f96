"""The keys of this installation: made at the first start, kept in its home folder, never in the repository."""

import json
import os
import secrets as random
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Secrets:
    """`django` signs cookies, `vault` seals personal data (newest first), `pepper` salts look-up hashes."""

    django: str
    vault: tuple[bytes, ...]
    pepper: bytes


def fresh() -> dict[str, object]:
    return {
        "django": random.token_urlsafe(50),
        "vault": [urlsafe_b64encode(random.token_bytes(32)).decode()],
        "pepper": random.token_hex(32),
    }


def load_or_make(path: Path) -> Secrets:
    """Read the key file, making it (readable by its owner alone) when there is none."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                json.dump(fresh(), file)
        except FileExistsError:
            pass  # another process was quicker; its keys are the keys
    kept = json.loads(path.read_text())
    return Secrets(kept["django"], tuple(key.encode() for key in kept["vault"]), bytes.fromhex(kept["pepper"]))

"""The log as a folder of files: what outsiders fetch page by page, for a stick, a mirror or an auditor."""

from pathlib import Path

from cunzhi.base.errors import Refused
from cunzhi.journal.log import policy
from cunzhi.journal.queries import newest_head, published
from cunzhi.journal.tree import fetch
from cunzhi.transparency.notes import Key
from cunzhi.transparency.policy import Policy
from cunzhi.transparency.tiles import WIDTH, bundles_of, tiles_of

CHECKPOINT, POLICY = "checkpoint", "policy"


def export(folder: Path) -> int:
    """Write what is not there yet; how many entries the log has. Finished files never change, so they stay."""
    head = newest_head()
    if head is None:
        raise Refused("journal.begin.none")
    for tile in (*tiles_of(head.size), *bundles_of(head.size)):
        path = folder / tile.path
        if tile.width < WIDTH or not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(fetch(tile))
    (folder / CHECKPOINT).write_text(str(published(head)), encoding="utf-8")
    (folder / POLICY).write_text(policy_text(Key.read(head.log.key), policy()), encoding="utf-8")
    return head.size


def policy_text(key: Key, trusted: Policy) -> str:
    """Whom to trust, as this deployment has it; outsiders should compare it with what others tell them."""
    lines = [f"log {key}"]
    lines += [f"witness {name} {party.key} {party.url}".strip() for name, party in trusted.witnesses.items()]
    lines += [f"group {name} {least} {' '.join(parts)}" for name, (least, parts) in trusted.groups.items()]
    return "\n".join([*lines, f"quorum {trusted.quorum}"]) + "\n"

"""Whom to trust (c2sp.org/tlog-policy): logs, witnesses, and how many of which must have signed."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Self

from cunzhi.transparency.errors import Doubt
from cunzhi.transparency.notes import COSIGNER, LOG, Key

NONE = "none"
MOST_LINES = 10_000


@dataclass(frozen=True)
class Party:
    """A log or a witness, and where it answers."""

    key: Key
    url: str = ""


@dataclass
class Policy:
    """`quorum` is the name of a witness or a group, or none."""

    logs: list[Party] = field(default_factory=list)
    witnesses: dict[str, Party] = field(default_factory=dict)
    groups: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    quorum: str = ""

    @classmethod
    def read(cls, text: str) -> Self:
        policy, members = cls(), set[str]()
        for number, line in enumerate(text.split("\n")[:MOST_LINES], 1):
            words = line.strip(" \t").replace("\t", " ").split(" ")
            words = [word for word in words if word]
            if words and not words[0].startswith("#"):
                try:
                    policy._take(words, members)
                except (Doubt, IndexError, ValueError) as error:
                    raise Doubt("policy", f"line {number} of the policy: {error or 'something is missing'}") from error
        if not policy.quorum:
            raise Doubt("policy", "the policy has no line `quorum`")
        return policy

    def _take(self, words: list[str], members: set[str]) -> None:
        kind, *rest = words
        if kind == "log" and len(rest) in (1, 2):
            self._add_log(_party(LOG, *rest))
        elif kind == "witness" and len(rest) in (2, 3):
            self._add_witness(self._new(rest[0]), _party(COSIGNER, *rest[1:]))
        elif kind == "group" and len(rest) > 2:
            self._add_group(self._new(rest[0]), rest[1], rest[2:], members)
        elif kind == "quorum" and len(rest) == 1 and not self.quorum:
            self.quorum = rest[0] if rest[0] == NONE else self._known(rest[0])
        else:
            raise ValueError(f"this is not understood: {' '.join(words)[:80]}")

    def _add_log(self, party: Party) -> None:
        if any(party.key.public == one.key.public for one in self.logs):
            raise ValueError(f"the log {party.key.name} is there twice")
        self.logs.append(party)

    def _add_witness(self, name: str, party: Party) -> None:
        if any(party.key.public == one.key.public for one in self.witnesses.values()):
            raise ValueError(f"the key of the witness {name} is there twice")
        self.witnesses[name] = party

    def _add_group(self, name: str, count: str, parts: list[str], members: set[str]) -> None:
        for part in parts:
            if self._known(part) in members:
                raise ValueError(f"{part} is already in a group")
            members.add(part)
        least = {"any": 1, "all": len(parts)}.get(count) or int(count)
        if not 1 <= least <= len(parts):
            raise ValueError(f"{least} of {len(parts)} cannot be")
        self.groups[name] = (least, tuple(parts))

    def _new(self, name: str) -> str:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise ValueError(f"the name {name} is taken")
        return name

    def _known(self, name: str) -> str:
        if name not in self.witnesses and name not in self.groups:
            raise ValueError(f"{name} is not defined above")
        return name

    def keys(self) -> list[Key]:
        return [party.key for party in self.witnesses.values()]

    def satisfied(self, signed: Collection[Key]) -> bool:
        """Whether those who signed are enough."""
        return self.quorum == NONE or self._signs(self.quorum, signed)

    def _signs(self, name: str, signed: Collection[Key]) -> bool:
        if name in self.witnesses:
            return self.witnesses[name].key in signed
        least, parts = self.groups[name]
        return sum(self._signs(part, signed) for part in parts) >= least


def _party(kind: int, vkey: str, url: str = "") -> Party:
    key = Key.read(vkey)
    if key.kind != kind:
        raise ValueError(f"{key.name} is a key of the other kind: logs have 1, witnesses 4")
    return Party(key, url.rstrip("/"))

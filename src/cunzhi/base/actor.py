"""Who does something, in whose name, through which face."""

from dataclasses import dataclass, replace
from typing import Literal

Channel = Literal["web", "api", "mqtt", "cli", "tick", "demo", "test"]
OWN = "case.own"
"""What a person does as nobody but themselves: bring, read and follow matters, messages and points of their own."""
ACT = "case.act"
"""Taking steps of cases that a role or an assignment opens. A token has these two only when they are given to it."""


@dataclass(frozen=True)
class Actor:
    """The doer of an action. `for_person_id` is set when a helper acts in someone's name, face to face.

    `verbs` narrows what a token may do; None means whatever its person may.
    """

    person_id: int | None
    channel: Channel
    for_person_id: int | None = None
    verbs: frozenset[str] | None = None
    device_id: int | None = None
    """The sensor station that sends, when no person does: it may do what a device may and holds no role."""

    @property
    def whose(self) -> int | None:
        """The person in whose name it is done: the one helped, else the doer."""
        return self.for_person_id or self.person_id

    @property
    def ref(self) -> str:
        if self.device_id:
            return f"device:{self.device_id}"
        return f"person:{self.person_id}" if self.person_id else f"system:{self.channel}"

    @property
    def for_ref(self) -> str:
        return f"person:{self.for_person_id}" if self.for_person_id else ""

    @property
    def is_system(self) -> bool:
        return self.person_id is None and self.device_id is None and self.channel in ("cli", "tick", "demo", "test")

    def allows(self, verb: str) -> bool:
        """Whether a token leaves this open; without a token everything is."""
        return self.verbs is None or verb in self.verbs

    def on_behalf_of(self, person_id: int) -> "Actor":
        return replace(self, for_person_id=person_id)


def system(channel: Channel) -> Actor:
    """The platform itself: timers, imports at the command line, simulated doings."""
    return Actor(person_id=None, channel=channel)


NOBODY = Actor(person_id=None, channel="web")
"""A visitor who is not signed in."""

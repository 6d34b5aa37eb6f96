"""A sender for tests: keeps what it was given."""

from dataclasses import dataclass, field

from cunzhi.adapters.messages.port import Delivery


@dataclass
class FakeSender:
    """`sent` is key -> (to, text). A receiver in `unreachable` gets nothing."""

    unreachable: frozenset[str] = frozenset()
    sent: dict[str, tuple[str, str]] = field(default_factory=dict)

    def send(self, to: str, text: str, *, key: str) -> Delivery:
        if to in self.unreachable:
            return Delivery(ok=False, detail="unreachable")
        self.sent.setdefault(key, (to, text))
        return Delivery(ok=True, detail=key)

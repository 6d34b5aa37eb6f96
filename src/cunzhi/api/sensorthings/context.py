"""What every part of one answer needs to know: who asks, by which address, and how much was told already."""

from dataclasses import dataclass

from cunzhi.api.auth import Caller
from cunzhi.base.errors import Refused
from cunzhi.perception.queries.scope import Scope

MOST_TOLD = 20_000
ADDRESS = "/sensorthings/v1.1"


@dataclass
class Context:
    """One request, or one part of a batch."""

    caller: Caller
    scope: Scope
    root: str
    told: int = 0

    def count(self) -> None:
        """One more entity goes into the answer."""
        self.told += 1
        if self.told > MOST_TOLD:
            raise Refused("api.sta.too_much", most=MOST_TOLD)

    def link(self, set_name: str, number: int) -> str:
        return f"{self.root}/{set_name}({number})"

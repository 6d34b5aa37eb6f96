"""What one look found: whether it is well, and if not what to do about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from cunzhi.base.messages import say

Level = Literal["good", "doubt", "wrong"]
SIGNS: dict[Level, str] = {"good": "ok", "doubt": "??", "wrong": "!!"}
Look = Callable[[], Iterator["Finding"]]


@dataclass(frozen=True)
class Finding:
    """Its words stand in the messages: `doctor.<code>`, and how to mend it in `doctor.<code>_mend`."""

    level: Level
    code: str
    params: dict[str, object]

    def lines(self, language: str) -> list[str]:
        said = [f"{SIGNS[self.level]}  {say(f'cli.doctor.{self.code}', language, **self.params)}"]
        if self.level != "good":
            said.append(f"    -> {say(f'cli.doctor.{self.code}_mend', language, **self.params)}")
        return said


def good(code: str, **params: object) -> Finding:
    return Finding("good", code, params)


def doubt(code: str, **params: object) -> Finding:
    """Works today, and will not for ever."""
    return Finding("doubt", code, params)


def wrong(code: str, **params: object) -> Finding:
    return Finding("wrong", code, params)

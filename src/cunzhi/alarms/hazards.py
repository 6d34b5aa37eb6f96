"""The closed list of hazards, from data/hazards.yaml, and how each stands in a CAP message."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, RootModel

from cunzhi.base import strict_yaml
from cunzhi.base.errors import Refused
from cunzhi.base.text import Text

SEVERITY = {"red": "Extreme", "orange": "Severe", "yellow": "Moderate", "blue": "Minor"}
COLOURS = {severity: colour for colour, severity in SEVERITY.items()}
WORDS = {"red": "红色", "orange": "橙色", "yellow": "黄色", "blue": "蓝色"}


class Hazard(BaseModel):
    """What may be dangerous."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Text
    category: Literal["Met", "Geo", "Fire", "Env", "Infra", "Safety", "Health"]
    code: str = ""


class _Hazards(RootModel[dict[str, Hazard]]):
    """The whole file."""


@cache
def hazards() -> dict[str, Hazard]:
    path = Path(__file__).with_name("data") / "hazards.yaml"
    return strict_yaml.load_as(_Hazards, path.read_text(encoding="utf-8"), name=path.name).root


def require_hazard(name: str, field: str = "hazard") -> Hazard:
    """The hazard, or Refused."""
    if name not in hazards():
        raise Refused("alarms.no_such_hazard", field=field, name=name[:40], known=", ".join(hazards()))
    return hazards()[name]


def by_code(code: str) -> str:
    """The name of the hazard with a national event code or our own name; empty when there is none."""
    return next((name for name, one in hazards().items() if code and code in (one.code, name)), "")

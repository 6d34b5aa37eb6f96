"""The closed list of roles, read from roles.yaml."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from cunzhi.base import strict_yaml
from cunzhi.base.text import Text


class Role(BaseModel):
    """What a role is called, where one is appointed to it, and what it may do there and below."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: Text
    level: str
    may: frozenset[str]


@cache
def roles() -> dict[str, Role]:
    path = Path(__file__).with_name("roles.yaml")
    tree = strict_yaml.load(path.read_text(encoding="utf-8"), name=path.name)
    return TypeAdapter(dict[str, Role]).validate_python(tree)


@cache
def verbs() -> frozenset[str]:
    """Everything that any role may do."""
    return frozenset().union(*(role.may for role in roles().values()))

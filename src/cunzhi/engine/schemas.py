"""The JSON Schemas of a scenario's files, by which an editor completes and checks them while they are written."""

from typing import Any

from pydantic import BaseModel

from cunzhi.engine.loader import Parameters
from cunzhi.engine.spec.calendar import Calendar
from cunzhi.engine.spec.form import Form
from cunzhi.engine.spec.manifest import Manifest
from cunzhi.engine.spec.story import Story
from cunzhi.engine.spec.workflow import Workflow

KINDS: dict[str, type[BaseModel]] = {
    "manifest": Manifest,
    "form": Form,
    "workflow": Workflow,
    "parameters": Parameters,
    "calendar": Calendar,
    "story": Story,
}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, dict[str, Any]]:
    """The schema of every kind of file by the kind's name."""
    return {name: {"$schema": DIALECT, **kind.model_json_schema(by_alias=True)} for name, kind in KINDS.items()}


def file_name(kind: str) -> str:
    return f"{kind}.schema.json"

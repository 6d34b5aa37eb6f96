"""The reference of scenario folders says what the specifications say, and its schemas take what the platform takes."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from cunzhi.base import strict_yaml
from cunzhi.engine.loader import folders

DOCS = Path(__file__).resolve().parent.parent / "docs"
PATTERNS = {
    "manifest": "manifest.yaml",
    "form": "forms/*.yaml",
    "workflow": "workflows/*.yaml",
    "parameters": "parameters.yaml",
    "story": "examples/*.yaml",
}


@pytest.fixture
def generate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The script that writes the pages."""
    monkeypatch.syspath_prepend(str(DOCS))
    import generate

    yield generate
    for name in ("generate", "scenario_reference"):
        sys.modules.pop(name, None)


def taken(kind: str, content: object) -> bool:
    """Whether an editor that follows the committed schema would take the content; days are texts to it."""
    schema = json.loads((DOCS / "reference" / "schema" / f"{kind}.schema.json").read_text(encoding="utf-8"))
    plain = json.loads(json.dumps(content, default=str))
    return bool(jsonschema_rs.validator_for(schema).is_valid(plain))


def read(path: Path) -> Any:
    return strict_yaml.load(path.read_text(encoding="utf-8"), name=path.name)


def test_pages_and_schemas_are_current(generate: Any) -> None:
    late = [path.name for path, _ in generate.outdated()]
    assert late == [], "run: python docs/generate.py"


@pytest.mark.parametrize("kind", sorted(PATTERNS))
def test_schema_takes_every_file_that_the_platform_takes(kind: str) -> None:
    paths = [path for folder in folders().values() for path in folder.glob(PATTERNS[kind])]
    assert paths
    assert [path.name for path in paths if not taken(kind, read(path))] == []


@pytest.mark.parametrize("kind", sorted(PATTERNS))
def test_schema_refuses_a_mistyped_key(kind: str) -> None:
    content = read(next(path for folder in folders().values() for path in folder.glob(PATTERNS[kind])))
    inside = next(iter(content.values())) if kind == "parameters" else content
    inside["titel"] = {"zh_Hans": "名", "en": "Name"}
    assert not taken(kind, content)

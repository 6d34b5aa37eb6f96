"""The reference of scenario folders, made from the specifications, their docstrings and their JSON Schemas."""

import inspect
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from cunzhi.engine.lookups import LOOKUPS
from cunzhi.engine.rules_source import HARMLESS, MAY_IMPORT
from cunzhi.engine.schemas import file_name, schemas
from cunzhi.engine.spec import calendar, effect, form, manifest, parameter, story, workflow
from cunzhi.engine.spec.base import Spec
from cunzhi.sdk import Answer, CaseView, Facts, Finding

SCENARIOS = Path(__file__).resolve().parent.parent / "src" / "cunzhi" / "scenarios"
MADE = "\nThis page is made from the specifications by `docs/generate.py`; a test tells when it is not.\n"


def pages() -> dict[str, str]:
    """Every generated file by its path below docs/reference."""

    made = {f"{name}.md": page(name) for name in TITLES}
    made["lookups.md"] = lookups()
    made |= {f"schema/{file_name(kind)}": schema_text(content) for kind, content in schemas().items()}
    return made


def schema_text(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


TITLES = {
    "manifest": ("manifest.yaml", "living_environment/manifest.yaml"),
    "form": ("forms/*.yaml", "living_environment/forms/done.yaml"),
    "workflow": ("workflows/*.yaml", "living_environment/workflows/call_back.yaml"),
    "parameters": ("parameters.yaml", "living_environment/parameters.yaml"),
    "calendar": ("calendar.yaml", "disclosure/calendar.yaml"),
    "effects": ("Effects", None),
    "stories": ("examples/*.yaml: stories", "points/examples/empty_pot.yaml"),
}


FIRST = {
    "manifest": manifest.Manifest,
    "form": form.Form,
    "workflow": workflow.Workflow,
    "parameters": parameter.Parameter,
    "calendar": calendar.Duty,
    "effects": effect.Effect,
    "stories": story.Story,
}


def models(name: str) -> list[Any]:
    """The specifications that a page explains: the outermost, then all others of its module."""
    first = FIRST[name]
    written = [one for one in vars(inspect.getmodule(first)).values() if inspect.isclass(one) and issubclass(one, Spec)]
    return [first, *(one for one in written if one.__module__ == first.__module__ and one is not first)]


@cache
def places() -> dict[str, str]:
    """On which page each specification is explained."""
    return {one.__name__: name for name in FIRST for one in models(name)}


def page(name: str) -> str:
    title, example = TITLES[name]
    first = models(name)[0]
    module = inspect.getdoc(inspect.getmodule(first)) or ""
    parts = [f"# {title}\n{MADE}\n{capital(module.partition(': ')[2] or module)}\n"]
    parts += [section(model, name) for model in models(name)]
    if example:
        text = (SCENARIOS / example).read_text(encoding="utf-8")
        parts.append(f"## An example\n\n`scenarios/{example}`:\n\n```yaml\n{text}```\n")
    return "\n".join(parts)


def section(model: Any, on: str) -> str:
    """One specification: what it says of itself, then its keys."""
    schema = model.model_json_schema(by_alias=True)
    needed = set(schema.get("required", []))
    rows = [
        f"| `{key}` | {shape(content, schema)} | {'yes' if key in needed else default(content)} |"
        for key, content in schema.get("properties", {}).items()
    ]
    table = "\n".join(["| key | is | required, or else |", "| --- | --- | --- |", *rows])
    table = re.sub(rf"\({on}\.md#", "(#", table)
    return f"## {model.__name__}\n\n{inspect.getdoc(model)}\n\n{table}\n"


def shape(content: dict[str, Any], whole: dict[str, Any]) -> str:
    """What a key takes, in words."""
    if "$ref" in content:
        return referred(content["$ref"].rpartition("/")[2], whole)
    if "anyOf" in content:
        return " or ".join(shape(one, whole) for one in content["anyOf"] if one.get("type") != "null")
    if "enum" in content or "const" in content:
        return ", ".join(f"`{one}`" for one in content.get("enum", [content.get("const")]))
    if content.get("type") == "array":
        return f"list of {shape(content.get('items', {}), whole)}"
    if content.get("type") == "object":
        inner = content.get("additionalProperties") or next(iter(content.get("patternProperties", {}).values()), None)
        return f"name: {shape(inner, whole)}" if isinstance(inner, dict) else "name: value"
    return bounded(content)


def referred(name: str, whole: dict[str, Any]) -> str:
    if name == "Text":
        return "`{zh_Hans: …, en: …}`"
    kind = whole.get("$defs", {}).get(name, {})
    return shape(kind, whole) if "properties" not in kind else f"[{name}]({places()[name]}.md#{name.lower()})"


def bounded(content: dict[str, Any]) -> str:
    words = {"string": "text", "integer": "whole number", "number": "number", "boolean": "`true` or `false`"}
    said = words.get(content.get("type", ""), "value")
    if content.get("format") == "date":
        said = "day, such as 2026-03-01"
    if "pattern" in content:
        said = "moment" if "T" in content["pattern"] else "name"
    limits = [
        (content.get("minimum"), "from"),
        (content.get("exclusiveMinimum"), "more than"),
        (content.get("maximum"), "to"),
    ]
    return " ".join([said, *(f"{word} {value:g}" for value, word in limits if value is not None)])


def default(content: dict[str, Any]) -> str:
    value = content.get("default")
    return "nothing" if value in (None, "", [], {}) or isinstance(value, dict) else f"`{json.dumps(value)}`"


def lookups() -> str:
    """What a rule may look at, and the closed lists of questions."""

    asked = [f'| `facts.known["{name}"]` | {inspect.getdoc(one)} |' for name, one in LOOKUPS.items()]
    parts = [
        f"# rules.py: facts and lookups\n{MADE}\n{inspect.getdoc(inspect.getmodule(Facts))}\n",
        "A guard returns `Answer`, an amount `int`, a `when` `bool`. Each takes `facts: Facts` and is annotated so.\n",
        "## Lookups\n\n| a rule asks | and is told |\n| --- | --- |\n" + "\n".join(asked) + "\n",
        f"## Lookups of forms\n\n{inspect.getdoc(form.ChoicesFrom)}\n",
        *(f"## {one.__name__}\n\n{fields(one)}\n" for one in (Facts, Answer, CaseView, Finding)),
        f"## What rules may use\n\nImports: {', '.join(f'`{name}`' for name in sorted(MAY_IMPORT))}.\n",
        f"Builtins: {', '.join(f'`{name}`' for name in HARMLESS.split())}.\n",
        "No names that begin with `_`, no classes, no `try`, `while`, `with`, `global`.\n",
    ]
    return "\n".join(parts)


def fields(kind: Any) -> str:
    rows = "\n".join(f"- `{name}: {annotation(kind, name)}`" for name in inspect.get_annotations(kind))
    return f"```text\n{inspect.getdoc(kind)}\n```\n\n{rows}"


def annotation(kind: Any, name: str) -> str:
    found = inspect.get_annotations(kind)[name]
    written = found.__name__ if isinstance(found, type) and not hasattr(found, "__args__") else str(found)
    return re.sub(r"\b(typing|collections\.abc|cunzhi\.sdk)\.", "", written)


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]

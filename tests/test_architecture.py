"""What no linter holds: the shape of the house as house.md draws it, checked on the source and on the models."""

import ast
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.core.management import call_command

from cunzhi.base.messages import LANGUAGES, catalogue, file_name, files, flatten

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGE = REPOSITORY / "src" / "cunzhi"
FLOORS = [
    "base", "journal", "catalogue", "registry", "ledger", "perception", "fires", "measures", "meetings", "disclosures",
    "deliberation", "alarms", "emergencies", "engine", "web", "api",
]  # fmt: skip
NEIGHBOURS = {
    "ledger": "books",
    "perception": "books",
    "measures": "books",
    "meetings": "books",
    "disclosures": "books",
    "deliberation": "books",
}
LONGEST = 400
NAMELESS = {"utils", "util", "common", "helpers", "helper", "misc"}
OURS = [*PACKAGE.rglob("*.py"), *(REPOSITORY / "tests").rglob("*.py"), REPOSITORY / "bootstrap.py"]
MESSAGES = files("en") + sorted(PACKAGE.glob("scenarios/*/messages/en.yaml"))


def ours(model_module: str) -> bool:
    return model_module.startswith("cunzhi.")


def name(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def test_foreign_keys_point_down() -> None:
    upward = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            target = field.related_model if getattr(field, "many_to_one", False) or field.one_to_one else None
            if not isinstance(target, type) or field.auto_created or not ours(model.__module__):
                continue
            here, there = model._meta.app_label, target._meta.app_label
            if ours(target.__module__) and here != there and not lies_below(there, here):
                upward.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    assert upward == []


def lies_below(lower: str, upper: str) -> bool:
    same_floor = NEIGHBOURS.get(lower, lower) == NEIGHBOURS.get(upper, upper)
    return not same_floor and FLOORS.index(lower) < FLOORS.index(upper)


def test_scenarios_own_no_model_and_no_module_but_their_rules() -> None:
    assert [model for model in apps.get_models() if model.__module__.startswith("cunzhi.scenarios")] == []
    modules = (PACKAGE / "scenarios").rglob("*.py")
    assert [name(path) for path in modules if path.name not in ("__init__.py", "rules.py")] == []


@pytest.mark.parametrize("path", OURS, ids=name)
def test_file_is_short_and_named_for_what_it_holds(path: Path) -> None:
    assert path.stem not in NAMELESS
    if "migrations" not in path.parts:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_migrations_are_named_by_people() -> None:
    paths = list(PACKAGE.glob("*/migrations/[0-9]*.py"))
    assert paths
    assert [name(path) for path in paths if re.search(r"_auto_\d{8}|_alter_.*_and_more", path.name)] == []


def test_test_files_have_names_of_their_own() -> None:
    """pytest imports them by their bare names, and so does whoever asks for a helper beside a test."""
    names = [path.name for path in (REPOSITORY / "tests").rglob("*.py") if path.name != "conftest.py"]
    assert {one for one in names if names.count(one) > 1} == set()


def test_init_files_of_packages_are_empty() -> None:
    allowed = {PACKAGE / "sdk" / "__init__.py"}
    full = [name(path) for path in PACKAGE.rglob("__init__.py") if path.read_text().strip() and path not in allowed]
    assert full == []


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said, stderr=said)
    except SystemExit:
        pytest.fail(said.getvalue())


@pytest.mark.parametrize("english", MESSAGES, ids=name)
def test_languages_say_the_same_things(english: Path) -> None:
    keys, blanks = {}, {}
    for language in LANGUAGES:
        tree = yaml.safe_load((english.parent / file_name(language)).read_text(encoding="utf-8")) or {}
        sentences = flatten(tree, "")
        keys[language] = set(sentences)
        blanks[language] = {key: set(re.findall(r"{(\w+)", text)) for key, text in sentences.items()}
    first, second = (keys[language] for language in LANGUAGES)
    assert first == second
    one, other = (blanks[language] for language in LANGUAGES)
    assert {key for key in one if one[key] != other[key]} == set()


def calls() -> Iterator[tuple[str, str, str]]:
    """Every call in our code whose first argument is a written-down key: (place, what is called, key)."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if isinstance(key := node.args[0].value, str) and "." in key:
                yield f"{name(path)}:{node.lineno}", called, key


def refusing() -> set[str]:
    """The names of Refused and of all that stand on it."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    parents = re.findall(r"^class (\w+)\(([\w, ]+)\)", text, re.MULTILINE)
    names = {"Refused"}
    while more := {child for child, bases in parents if names & set(bases.split(", "))} - names:
        names |= more
    return names


def test_every_refusal_has_its_words() -> None:
    known = catalogue("en").keys()
    speaking = refusing() | {"say"}
    found = [(place, key) for place, called, key in calls() if called in speaking]
    assert found
    assert [f"{place}: {key}" for place, key in found if key not in known] == []

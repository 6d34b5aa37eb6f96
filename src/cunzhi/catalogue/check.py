"""Looks the element files through: every mistake with file and line."""

from pathlib import Path

from cunzhi.base.strict_yaml import Problem, YamlRefused, load_as
from cunzhi.catalogue.spec import Element, ElementFile

FOLDER = Path(__file__).with_name("elements")
DERIVED = {
    "household.size": "it is counted from the memberships",
    "person.age": "it is counted from the day of birth",
    "person.sex": "it stands in the register of people",
    "person.phone": "it stands sealed in the register of people",
    "person.identity": "it stands sealed in the register of people",
}


def check(folder: Path = FOLDER) -> list[Problem]:
    """Everything wrong with the elements of a folder; [] when all is well."""
    try:
        read_all(folder)
    except YamlRefused as refusal:
        return refusal.problems
    return []


def read_all(folder: Path) -> dict[str, Element]:
    """The elements of a folder by code, or YamlRefused with every problem of every file."""
    found: dict[str, Element] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        try:
            elements = load_as(ElementFile, text, name=path.name).elements
        except YamlRefused as refusal:
            problems += refusal.problems
            continue
        for number, element in enumerate(elements):
            what = _wrong_here(element, path.stem, found)
            if what:
                problems.append(Problem(path.name, _line(text, element.code, number), f"elements[{number}].code", what))
            found[element.code] = element
    if problems:
        raise YamlRefused(problems)
    return found


def _wrong_here(element: Element, stem: str, found: dict[str, Element]) -> str:
    if element.about != stem:
        return f"{element.code} is about a {element.about} and belongs into {element.about}.yaml"
    if element.code in found:
        return f"{element.code} is there twice"
    if element.code in DERIVED:
        return f"{element.code} is no element: {DERIVED[element.code]}"
    return ""


def _line(text: str, code: str, number: int) -> int:
    """The line of the last mention of a code, which is where a double stands."""
    lines = [line for line, words in enumerate(text.splitlines(), start=1) if f"code: {code}" in words]
    return lines[-1] if lines else number + 1

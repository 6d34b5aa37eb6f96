"""Reads scenario folders, those on disk and those that running cases are pinned to."""

import hashlib
import logging
import re
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from django.conf import settings
from pydantic import BaseModel, RootModel

from cunzhi.base import strict_yaml
from cunzhi.base.messages import LANGUAGES, file_name, flatten
from cunzhi.base.strict_yaml import Problem, YamlRefused
from cunzhi.engine.models import ScenarioVersion
from cunzhi.engine.rules_source import load_rules, problem_on_loading, problems_in
from cunzhi.engine.spec.base import Name
from cunzhi.engine.spec.calendar import Calendar
from cunzhi.engine.spec.form import Form
from cunzhi.engine.spec.manifest import Manifest
from cunzhi.engine.spec.parameter import Parameter
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.engine.spec.workflow import Workflow

KEPT = (
    "manifest.yaml",
    "parameters.yaml",
    "calendar.yaml",
    "rules.py",
    "forms/*.yaml",
    "workflows/*.yaml",
    "indicators/*.sql",
    "messages/*.yaml",
)
Model = TypeVar("Model", bound=BaseModel)


log = logging.getLogger(__name__)


class Parameters(RootModel[dict[Name, Parameter]]):
    """The whole of parameters.yaml."""


class ScenarioRefused(Exception):
    """A scenario's folder breaks the rules; every problem is named with file and line."""

    def __init__(self, slug: str, problems: list[Problem]) -> None:
        self.slug = slug
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


class Reading:
    """One reading of a folder's files, which gathers every problem before it gives up."""

    def __init__(self, slug: str, files: dict[str, str]) -> None:
        self.slug = slug
        self.files = files
        self.problems: list[Problem] = []

    def one(self, kind: type[Model], path: str) -> Model | None:
        if path not in self.files:
            self.problems.append(Problem(f"{self.slug}/{path}", 1, "", "the file is missing"))
            return None
        try:
            return strict_yaml.load_as(kind, self.files[path], name=f"{self.slug}/{path}")
        except YamlRefused as error:
            self.problems += [each for problem in error.problems for each in _one_by_one(problem, self.files[path])]
            return None

    def all(self, kind: type[Model], folder: str) -> dict[str, Model]:
        read = {Path(path).stem: self.one(kind, path) for path in self.files if path.startswith(f"{folder}/")}
        return {name: document for name, document in read.items() if document is not None}

    def messages(self) -> dict[str, dict[str, str]]:
        read: dict[str, dict[str, str]] = {}
        for language in LANGUAGES:
            path = f"messages/{file_name(language)}"
            try:
                tree = strict_yaml.load(self.files.get(path, ""), name=f"{self.slug}/{path}")
                read[language] = flatten(tree or {}, "")
            except YamlRefused as error:
                self.problems += error.problems
                read[language] = {}
        return read

    def rules(self) -> ModuleType:
        text = self.files.get("rules.py", "")
        problems = problems_in(text, f"{self.slug}/rules.py")
        failed = None if problems else problem_on_loading(self.slug, text)
        self.problems += [*problems, *([failed] if failed else [])]
        return load_rules(self.slug, "" if problems or failed else text)

    def manifest(self) -> Manifest | None:
        """The manifest, which must call the scenario as its folder is called."""
        manifest = self.one(Manifest, "manifest.yaml")
        if manifest is not None and manifest.slug != self.slug:
            lines = self.files["manifest.yaml"].splitlines()
            line = next((number for number, text in enumerate(lines, 1) if text.startswith("slug:")), 1)
            what = f"the folder is called {self.slug}, so this must be {self.slug}"
            self.problems.append(Problem(f"{self.slug}/manifest.yaml", line, "slug", what))
        return manifest


def _one_by_one(problem: Problem, text: str) -> list[Problem]:
    """What is wrong with a document as a whole, part by part, each at the first line that holds its name."""
    if problem.path:
        return [problem]
    return [replace(problem, what=what, line=_line(what, text, problem.line)) for what in problem.what.split("; ")]


def _line(what: str, text: str, otherwise: int) -> int:
    named = re.match(r"(\w+):", what) or re.search(r"'(\w+)'", what)
    if named is None:
        return otherwise
    whole = re.compile(rf"(?<!\w){named[1]}(?!\w)")
    return next((number for number, line in enumerate(text.splitlines(), 1) if whole.search(line)), otherwise)


def folders() -> dict[str, Path]:
    """Every scenario folder by its slug: the product's own, then those of the installation."""
    found: dict[str, Path] = {}
    for root in settings.CUNZHI_SCENARIOS:
        for manifest in sorted(Path(root).glob("*/manifest.yaml")):
            found.setdefault(manifest.parent.name, manifest.parent)
    return found


def read_files(folder: Path) -> dict[str, str]:
    """The files that make the scenario what it is, by their path inside the folder."""
    paths = sorted({path for pattern in KEPT for path in folder.glob(pattern)})
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def digest_of(files: dict[str, str]) -> str:
    digest = hashlib.sha256()
    for path, text in sorted(files.items()):
        digest.update(f"{path}\0{text}\0".encode())
    return digest.hexdigest()


def load(slug: str, files: dict[str, str]) -> Scenario:
    """The scenario of these files; ScenarioRefused with every problem when they do not hold together."""
    reading = Reading(slug, files)
    manifest = reading.manifest()
    parameters = reading.one(Parameters, "parameters.yaml") if "parameters.yaml" in files else Parameters({})
    calendar = reading.one(Calendar, "calendar.yaml") if "calendar.yaml" in files else None
    forms = reading.all(Form, "forms")
    workflows = reading.all(Workflow, "workflows")
    messages, rules = reading.messages(), reading.rules()
    if manifest is None or parameters is None or reading.problems:
        raise ScenarioRefused(slug, reading.problems)
    return Scenario(
        manifest=manifest,
        forms=forms,
        workflows=workflows,
        parameters=parameters.root,
        calendar=calendar.root if calendar else {},
        messages=messages,
        rules=rules,
        digest=digest_of(files),
        files=files,
    )


@cache
def scenarios() -> dict[str, Scenario]:
    """Every scenario that is installed, by slug. A folder that does not hold together is left out and told in the log.

    The others go on, and so do the cases that were opened under a version of it that is kept.
    """
    found = {}
    for slug, folder in folders().items():
        try:
            found[slug] = load(slug, read_files(folder))
        except (ScenarioRefused, UnicodeDecodeError) as refused:
            log.error("the scenario %s is left out until its folder is mended:\n%s", slug, refused)
    return found


@lru_cache(maxsize=64)
def _load_kept(digest: str) -> Scenario:
    version = ScenarioVersion.objects.filter(digest=digest).latest("id")
    return load(version.slug, version.files)


def kept(version: ScenarioVersion) -> Scenario:
    """The scenario as a running case was opened under it."""
    return kept_by(version.slug, version.digest)


def kept_by(slug: str, digest: str) -> Scenario:
    """The same, from the slug and the digest of its version."""
    current = scenarios().get(slug)
    if current is not None and current.digest == digest:
        return current
    return _load_kept(digest)


def scenario(slug: str) -> Scenario:
    """An installed scenario by its slug; KeyError when there is none."""
    return scenarios()[slug]

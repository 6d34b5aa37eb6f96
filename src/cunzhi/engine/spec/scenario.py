"""A whole scenario, as its folder says it."""

from dataclasses import dataclass, field
from types import ModuleType

from cunzhi.base.messages import fill
from cunzhi.engine.spec.calendar import Duty
from cunzhi.engine.spec.form import Form
from cunzhi.engine.spec.manifest import Manifest
from cunzhi.engine.spec.parameter import Parameter
from cunzhi.engine.spec.workflow import Workflow


@dataclass(frozen=True)
class Scenario:
    """A folder, read and checked part by part. `digest` is the hash of all its files.

    The indicators stay text in `files`: the lake, which counts them, reads and checks them.
    """

    manifest: Manifest
    forms: dict[str, Form]
    workflows: dict[str, Workflow]
    parameters: dict[str, Parameter]
    calendar: dict[str, Duty]
    messages: dict[str, dict[str, str]]
    rules: ModuleType
    digest: str
    files: dict[str, str] = field(repr=False, default_factory=dict)

    @property
    def slug(self) -> str:
        return self.manifest.slug

    def days_kept(self, workflow: str) -> int:
        """Days after closing until a case of a workflow is erased."""
        own = self.workflows[workflow].days_kept
        return self.manifest.days_kept if own is None else own

    def say(self, key: str, language: str, **params: object) -> str:
        """A sentence of the scenario's own."""
        sentence = self.messages["en" if language.startswith("en") else "zh-hans"][key]
        return fill(sentence, language, params)

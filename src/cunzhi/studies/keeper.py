"""Runs the estimators of a study one by one: the progress is told, and what a study can do without may refuse."""

from collections.abc import Callable
from typing import Any

from cunzhi.evaluation.errors import DataRefused
from cunzhi.evaluation.panel.frame import Panel
from cunzhi.evaluation.panel.model import Model
from cunzhi.evaluation.panel.trace import Traced, traced

Progress = Callable[[str, float], None]
"""Told what is being done and which share of the whole is behind."""


class Keeper:
    """Runs traced estimators, tells the progress, and keeps the refusals of those a study can do without."""

    def __init__(self, progress: Progress, panel: Panel, model: Model) -> None:
        self.progress = progress
        self.panel, self.model = panel, model
        self.refused: list[tuple[str, DataRefused]] = []

    def must(self, key: str, done: float, function: Callable[..., Any], **choices: Any) -> Traced[Any]:
        """The estimator's result; its refusal ends the study."""
        self.progress(key, done)
        return traced(function, self.panel, self.model, **choices)

    def may(self, key: str, done: float, function: Callable[..., Any], **choices: Any) -> Traced[Any] | None:
        """The estimator's result; a refusal is kept, to be printed in its place."""
        try:
            return self.must(key, done, function, **choices)
        except DataRefused as refusal:
            self.refused.append((key, refusal))
            return None

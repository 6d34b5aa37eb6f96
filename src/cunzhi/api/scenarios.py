"""Scenarios: which are on at a place, what each one says, and the schemas by which its files are written."""

from datetime import date
from typing import Any, Literal

from ninja import Router, Schema
from pydantic import Field

from cunzhi.api.auth import ApiRequest
from cunzhi.api.errors import NotThere
from cunzhi.api.kinds import Name, PlaceCode
from cunzhi.api.problems import PROBLEMS, language
from cunzhi.engine.loader import scenarios
from cunzhi.engine.queries.openings import nearest
from cunzhi.engine.schemas import schemas
from cunzhi.engine.spec.base import Spec
from cunzhi.registry.queries.places import require_place

router = Router(tags=["scenarios"])
Part = Literal["manifest", "form", "workflow", "parameters", "calendar", "story"]


class ScenarioOn(Schema):
    """A scenario that is on at a place, and by which decision."""

    slug: str
    version: int
    title: str
    summary: str
    pillar: str
    decided_for: str = Field(description="The code of the place that the decision is about.")
    since: date
    basis: str


class ScenarioTold(Schema):
    """A scenario as its folder says it, in the keys of the files. The schemas say what each part means."""

    slug: str
    version: int
    digest: str
    manifest: dict[str, Any]
    forms: dict[str, dict[str, Any]]
    workflows: dict[str, dict[str, Any]]
    parameters: dict[str, dict[str, Any]]
    indicators: list[str]


@router.get("/scenarios", response={200: list[ScenarioOn], **PROBLEMS}, operation_id="list_scenarios")
def list_scenarios(request: ApiRequest, place_code: PlaceCode) -> list[ScenarioOn]:
    """The scenarios that are on at a place."""
    require_place(place_code)
    return [
        ScenarioOn(
            slug=one.scenario,
            version=manifest.version,
            title=manifest.title.in_(language()),
            summary=manifest.summary.in_(language()),
            pillar=manifest.pillar,
            decided_for=one.place_code,
            since=one.since,
            basis=one.basis,
        )
        for one in nearest(place_code)
        for manifest in [scenarios()[one.scenario].manifest]
    ]


@router.get("/scenarios/{slug}", response={200: ScenarioTold, **PROBLEMS}, operation_id="get_scenario")
def get_scenario(request: ApiRequest, slug: Name) -> ScenarioTold:
    """One installed scenario, on somewhere or not."""
    found = scenarios().get(slug)
    if found is None:
        raise NotThere("engine.no_such_scenario", field="slug", scenario=slug)
    return ScenarioTold(
        slug=found.slug,
        version=found.manifest.version,
        digest=found.digest,
        manifest=_written(found.manifest),
        forms={name: _written(one) for name, one in found.forms.items()},
        workflows={name: _written(one) for name, one in found.workflows.items()},
        parameters={name: _written(one) for name, one in found.parameters.items()},
        indicators=sorted(path for path in found.files if path.startswith("indicators/")),
    )


@router.get("/schemas/{part}", response={200: dict[str, Any], **PROBLEMS}, operation_id="get_schema")
def get_schema(request: ApiRequest, part: Part) -> dict[str, Any]:
    """The JSON Schema by which a part of a scenario's folder is written and checked."""
    return schemas()[part]


def _written(part: Spec) -> dict[str, Any]:
    """As the file has it: its keys, and nothing that was left to its default."""
    return part.model_dump(mode="json", by_alias=True, exclude_defaults=True)

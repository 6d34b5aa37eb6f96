"""Reads of the kept versions of scenarios."""

from cunzhi.engine.loader import kept, scenarios
from cunzhi.engine.models import ScenarioVersion
from cunzhi.engine.spec.scenario import Scenario


def kept_as(scenario: Scenario) -> ScenarioVersion | None:
    """What is kept under the scenario's slug and version, whether or not it is the same."""
    same = ScenarioVersion.objects.defer("files").filter(slug=scenario.slug, version=scenario.manifest.version)
    return same.first()


def version_not_raised(scenario: Scenario) -> bool:
    """Whether this installation keeps another folder under the same version."""
    found = kept_as(scenario)
    return found is not None and found.digest != scenario.digest


def ever_installed() -> dict[str, Scenario]:
    """Every scenario that a case was opened under or could be, by slug; of one that is gone, its last version."""
    last = {version.slug: version for version in ScenarioVersion.objects.defer("files").order_by("version")}
    gone = {slug: kept(version) for slug, version in last.items() if slug not in scenarios()}
    return {**gone, **scenarios()}

"""Keeps a scenario's folder as it was, so that running cases stay on what they were opened under."""

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.engine.models import ScenarioVersion
from cunzhi.engine.queries.versions import kept_as
from cunzhi.engine.spec.scenario import Scenario


def keep_version(scenario: Scenario) -> ScenarioVersion:
    """The kept copy of this version; refused when the folder changed and its version did not."""
    found = kept_as(scenario)
    if found is None:
        found, _ = ScenarioVersion.objects.get_or_create(
            slug=scenario.slug,
            version=scenario.manifest.version,
            defaults={"digest": scenario.digest, "files": scenario.files, "kept_at": clock.now()},
        )
    if found.digest != scenario.digest:
        raise Refused("engine.version_not_raised", scenario=scenario.slug, version=found.version)
    return found

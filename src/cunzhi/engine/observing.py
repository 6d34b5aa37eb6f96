"""What people see on their rounds, kept as observations beside those of sensors."""

from collections.abc import Mapping
from typing import Any

from cunzhi.base import clock
from cunzhi.base.actor import system
from cunzhi.engine.choices import Setting, labels
from cunzhi.engine.models import Case, Step
from cunzhi.engine.spec.effect import Observe
from cunzhi.engine.spec.form import FormField
from cunzhi.perception.actions.entities import Draft, create, thing_of
from cunzhi.perception.actions.observations import take_one
from cunzhi.perception.entities import BY_NAME
from cunzhi.perception.models import Datastream, Observation
from cunzhi.perception.queries.scope import Scope
from cunzhi.perception.reading import read
from cunzhi.perception.rules import OM
from cunzhi.registry.models import Place
from cunzhi.registry.queries.places import require_place

OBSERVER = "人工观察 seen by people"
PICTURE = "/pictures/{}/"
PLAIN = {"description": "", "encodingType": "text/plain"}


def observe(step: Step, part: Observe, setting: Setting) -> None:
    """The answer of this step, if there is one, as an observation of the place; it goes when its days are over."""
    seen = step.answers.get(part.field)
    if seen is None:
        return
    field = next(one for form in setting.scenario.forms.values() if (one := form.field(part.field)))
    scope, case = Scope(system("tick")), step.case  # who was on the round need not be allowed to set up sensors
    told = _told(step, part, labels(field, setting, [str(seen)])[str(seen)].model_dump())
    reading = read({"result": str(seen), "phenomenonTime": clock.now().isoformat(), "parameters": told})
    take_one(by=scope.actor, datastream=_stream(scope, case, field, setting), reading=reading, scope=scope)


def _told(step: Step, part: Observe, label: Mapping[str, str]) -> dict[str, Any]:
    """Beside the result: what it is called, of which matter, where the pictures are, and the spot."""
    photos = [PICTURE.format(one) for one in step.answers.get(part.photos or "", [])]
    told = {"key": f"step:{step.pk}", "case": step.case.number, "label": dict(label), "photos": photos}
    spot = step.answers.get(part.spot or "")
    return told | ({"coordinates": [spot["longitude"], spot["latitude"]]} if spot else {})


def _stream(scope: Scope, case: Case, field: FormField, setting: Setting) -> int:
    """Where such answers of a place are kept, made when the first one comes."""
    definition = f"urn:cunzhi:{case.scenario}:{case.workflow}:{field.name}"
    place = Place.objects.select_for_update(no_key=True).get(pk=require_place(case.place_code).pk)
    held = Datastream.objects.filter(place_code=place.code, observed_property__definition=definition)
    there = held.filter(sensor__name=OBSERVER).order_by("pk").first()
    if there is not None:
        return there.pk
    workflow = setting.scenario.workflows[case.workflow]
    title = f"{workflow.title.zh_Hans}：{field.label.zh_Hans}"
    links: dict[str, list[Any]] = {
        "Thing": [_thing_of(place, scope)],
        "Sensor": [Draft(BY_NAME["Sensors"], {**PLAIN, "name": OBSERVER, "metadata": OBSERVER})],
        "ObservedProperty": [
            Draft(BY_NAME["ObservedProperties"], {"name": title, "description": "", "definition": definition})
        ],
    }
    stream = {
        "name": f"{place.name} {title}",
        "description": "",
        "properties": {"days_kept": workflow.days_kept or setting.scenario.manifest.days_kept},
        "unitOfMeasurement": {"name": None, "symbol": None, "definition": None},
        "observationType": f"{OM}CategoryObservation",
    }
    return create(scope=scope, draft=Draft(BY_NAME["Datastreams"], stream, links), place_code=place.code).id


def _thing_of(place: Place, scope: Scope) -> int:
    """The place itself, as what is looked at; it stands on no point of the map."""
    name = f"{place.name}（{OBSERVER.partition(' ')[0]}）"
    return thing_of(place, name, scope=scope, encoding="text/plain", location={"place_code": place.code})


def newest() -> str:
    """What was seen last by a person, for told stories; `none` where nobody saw anything."""
    found = Observation.objects.filter(datastream__sensor__name=OBSERVER).order_by("-id").first()
    return "none" if found is None else str(found.text)

"""An emergency, its plan and a shelter of the right place, and what would change each."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cunzhi.base import clock
from cunzhi.base.actor import Actor, system
from cunzhi.emergencies.actions.planning import import_plans
from cunzhi.emergencies.codes import code_of
from cunzhi.emergencies.models import Plan, Shelter
from cunzhi.engine.actions.activations import activate
from cunzhi.engine.leading import Start, open_emergency
from cunzhi.registry.models import Household

TEXT = "第八号密议"
PLANS = """
plans:
  - hazard: gale
    title: {zh_Hans: 大风预案, en: Gale plan}
    basis: 第八号密议
    duties: [{office: village_cadre, what: {zh_Hans: 第八号密议, en: Bring people in}, minutes: {red: 30}}]
"""
SHELTERS = "shelters: [{name: {zh_Hans: 学校, en: School}, capacity: 9, address: road, keeper: school}]\n"


def make_emergency(place_code: str, actor: Callable[[str], Actor], number: str) -> dict[str, Any]:
    """Records by the names that addresses give to them; `code` hangs at the shelter's door."""
    by = system("test")
    since = clock.today() - timedelta(days=30)
    activate(by=by, scenario="emergency", place_code=place_code, basis="village meeting", since=since)
    import_plans(by=by, place_code=place_code, text=PLANS + SHELTERS, name="plans.yaml", since=since)
    start = Start(place_code, "gale", "red", seen=TEXT)
    emergency = open_emergency(by=actor("village_cadre"), start=start)
    shelter, plan = Shelter.objects.get(), Plan.objects.get()
    home = Household.objects.filter(number=number).get()
    known = {"emergency_id": emergency.pk, "shelter_id": shelter.pk, "plan_id": plan.pk}
    return known | {"emergency": {"code": code_of(emergency, shelter), "household": home.pk}}


def on_emergencies(made: dict[str, Any], place_code: str) -> dict[str, dict[str, Any]]:
    """What somebody would send to each page."""
    file = SimpleUploadedFile("plans.yaml", PLANS.replace("red: 30", "red: 20").encode())
    return {
        "emergencies/new/": {"hazard": "flood", "colour": "red"},
        "emergencies/plans/": {"file": file, "place_code": place_code[:6]},
        "emergencies/of-warning/<int:warned_id>/": {"place_code": place_code},
        "emergencies/<int:emergency_id>/doors/": {"household": made["household"], "found": "safe"},
        "emergencies/<int:emergency_id>/shelters/<int:shelter_id>/": {"heads": "3"},
        "emergencies/<int:emergency_id>/shelters/<int:shelter_id>/come/": {"heads": "2", "code": made["code"]},
    }

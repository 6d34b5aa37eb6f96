"""What can be chosen, and how what was chosen is named for ever after."""

from engine.conftest import Village

from cunzhi.base import clock
from cunzhi.base.actor import system
from cunzhi.engine.choices import Setting, labels, options
from cunzhi.engine.loader import scenario
from cunzhi.engine.parameters import numbers
from cunzhi.engine.queries.activations import activation_at
from cunzhi.engine.spec.form import FormField
from cunzhi.engine.stage import GRID
from cunzhi.engine.words import answer_in
from cunzhi.ledger import actions as ledger
from cunzhi.ledger.models import Item


def setting() -> Setting:
    spec = scenario("points")
    return Setting(spec, GRID, numbers(spec, activation_at("points", GRID), clock.today()))


def test_good_that_is_sold_out_keeps_its_name(village: Village) -> None:
    item = Item.objects.get(name="soap")
    field = scenario("points").forms["redeem"].field("goods")
    assert field is not None
    ledger.take_stock(by=system("test"), item=item, counted=0, key="gone", reason="被水泡坏了")
    assert options(field, setting()) == []
    assert answer_in(field, str(item.pk), setting(), "en") == "soap"


def test_worker_who_left_office_keeps_the_name(village: Village) -> None:
    field = scenario("living_environment").forms["assign"].field("worker")
    assert field is not None
    villager = village.play.people["villager"]
    assert str(villager.pk) not in {option.value for option in options(field, setting())}
    assert labels(field, setting(), [str(villager.pk)])[str(villager.pk)].en == "villager"


def test_field_bound_to_an_element_offers_the_catalogues_choices(village: Village) -> None:
    field = FormField.model_validate(
        {
            "name": "toilet",
            "type": "select_one",
            "label": {"zh_Hans": "厕所", "en": "Toilet"},
            "element": "household.clean_toilet",
        }
    )
    assert [option.value for option in options(field, setting())] == ["sewer", "three_cell", "biogas", "dry", "none"]

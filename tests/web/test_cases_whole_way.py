"""From a photo to a bar of soap, every step through the pages."""

from datetime import datetime

from django.core.files.storage import default_storage
from engine.conftest import Village
from web.stage import Town, hidden

from cunzhi.base import clock
from cunzhi.engine.models import Case
from cunzhi.engine.pickup import code_of
from cunzhi.engine.timers import tick


def test_photo_becomes_soap(village: Village) -> None:
    town = Town(village)
    case = town.report_deed()
    own = town.client("villager").get(f"/cases/{case.number}/").content.decode()
    assert "待复核" in own
    assert "院落清洁" in own
    assert default_storage.exists(case.attachments.get().file)

    assert case.number in town.client("appraiser").get("/inbox/").content.decode()
    decided = town.take("appraiser", case, "approve", seen="photo", _after="inbox")
    assert decided["Location"] == "/inbox/"
    with clock.at(datetime.fromisoformat("2026-03-06T10:00:00+08:00")):
        tick()
        case.refresh_from_db()
        assert case.state == "credited"
        assert ">23<" in town.client("villager").get("/points/").content.decode()

        counter = town.client("villager").get("/shop/").content.decode()
        assert f"/report/points/redeem/?goods={town.good('soap')}" in counter
        form = town.client("villager").get(f"/report/points/redeem/?goods={town.good('soap')}").content.decode()
        asked = {"goods": town.good("soap"), "quantity": 2, "_key": hidden(form, "_key")}
        sent = town.client("villager").post("/report/points/redeem/", asked)
        soap = Case.objects.get(number=sent["Location"].split("/")[2])
        assert "qr" in town.client("villager").get(f"/cases/{soap.number}/").content.decode()

        keeper = town.client("shopkeeper")
        wrong = keeper.post("/shop/hand-over/", {"number": soap.number, "code": "000000"})
        assert wrong.status_code == 422
        right = keeper.post("/shop/hand-over/", {"number": soap.number, "code": code_of(soap)})
        assert right["Location"] == "/shop/stock/"
        soap.refresh_from_db()
        assert soap.state == "handed_over"

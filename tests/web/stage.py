"""A village in which points are on, as browsers see it: one signed-in client for each of its people."""

import re
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from engine.conftest import Village

from cunzhi.base.actor import system
from cunzhi.engine.models import Case
from cunzhi.engine.stage import picture
from cunzhi.ledger.models import Item
from cunzhi.registry.actions.accounts import make_account
from cunzhi.registry.actions.people import register_person
from cunzhi.registry.models import Account, Place

VILLAGE_DIGITS = 12
PHOTOS = "photos.file"
BACKEND = "django.contrib.auth.backends.ModelBackend"


class Town:
    """The village and its browsers."""

    def __init__(self, village: Village) -> None:
        self.village = village
        self.clients: dict[str, Client] = {}

    def person_id(self, name: str) -> int:
        return int(self.village.play.people[name].pk)

    def account(self, name: str) -> Account:
        person = self.village.play.people[name]
        found = Account.objects.filter(person=person).first()
        phone = f"139{person.pk:08}"
        return found or make_account(person=person, phone=phone, by=system("test"))

    def client(self, name: str) -> Client:
        """The browser of one of the village's people, in Chinese."""
        if name not in self.clients:
            client = Client(headers={"accept-language": "zh-hans"})
            client.force_login(self.account(name), backend=BACKEND)
            self.clients[name] = client
        return self.clients[name]

    def speaks(self, name: str, language: str) -> Client:
        """The same browser, whose account now reads another language."""
        client = self.client(name)
        Account.objects.filter(person_id=self.person_id(name)).update(language=language)
        return client

    def good(self, name: str) -> int:
        return int(Item.objects.get(name=name).pk)

    def report_deed(self, name: str = "villager", **changes: Any) -> Case:
        """A good deed reported through its page."""
        path = "/report/points/deed/"
        client = self.client(name)
        data = {"_key": hidden(client.get(path).content.decode(), "_key"), **deed(), **changes}
        response = client.post(path, data)
        assert response.status_code == 302, response.content.decode()
        return Case.objects.get(number=response["Location"].split("/")[2])

    def newcomer(self, name: str, place_code: str) -> None:
        """Somebody who lives at a place that was not there before."""
        level = "grid" if len(place_code) > VILLAGE_DIGITS else "village"
        Place.objects.create(system="nbs", code=place_code, name=name, level=level, valid_from=date(2000, 1, 1))
        self.village.play.people[name] = register_person(name=name, place_code=place_code, by=system("test"))

    def take(self, name: str, case: Case, transition: str, **data: Any) -> Any:
        """One step through the case's page, as it stands now."""
        case.refresh_from_db()
        return self.client(name).post(f"/cases/{case.number}/{transition}/", {"_version": case.version, **data})


def photo(name: str = "yard") -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{name}.jpg", picture(name), "image/jpeg")


def deed(changes: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """What a villager fills in about a good deed."""
    return {
        "deed": "clean_yard",
        "done_on": "2026-03-01",
        PHOTOS: [photo()],
        "note": "扫了院坝",
        **(changes or {}),
        **more,
    }


def hidden(page: str, name: str) -> str:
    """The value of a hidden input."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no hidden {name}"
    return found[1]

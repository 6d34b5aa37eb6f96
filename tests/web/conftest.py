"""Who signs in in the tests of pages."""

from collections.abc import Callable

import pytest
from django.test import Client
from engine.conftest import monday as monday
from engine.conftest import village as village
from web.village import COUNTY, TOWNSHIP, make_account, make_person, make_places

from cunzhi.registry.models import Account


@pytest.fixture
def places(db: None) -> None:
    make_places()


@pytest.fixture
def villager(places: None) -> Account:
    return make_account(make_person("张大明", "13800000000"))


@pytest.fixture
def cadre(places: None) -> Account:
    return make_account(make_person("王建国", "13800000002"), "village_cadre")


@pytest.fixture
def officer(places: None) -> Account:
    return make_account(make_person("陈静", "13800000003"), "township_officer", TOWNSHIP)


@pytest.fixture
def administrator(places: None) -> Account:
    return make_account(make_person("周敏", "13800000005"), "administrator", COUNTY)


@pytest.fixture
def signed_in() -> Callable[[Account], Client]:
    """A browser in which an account is signed in."""

    def make(account: Account) -> Client:
        client = Client()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make

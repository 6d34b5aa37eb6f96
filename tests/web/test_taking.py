"""The import of a list: looked through first, then taken."""

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from web.village import VILLAGE

from cunzhi.registry.models import Account, Person

SignedIn = Callable[[Account], Client]
GOOD = "户号,姓名,与户主关系,性别,手机号\n001,孙桂芳,户主,女,13911110001\n001,孙小军,子女,男,\n"
BAD = "户号,姓名,与户主关系,性别,手机号\n001,孙桂芳,户主,女,1391111\n"


def upload(client: Client, content: str, place_code: str = VILLAGE) -> str:
    file = SimpleUploadedFile("list.csv", content.encode())
    return client.post("/people/take/", {"place_code": place_code, "file": file}).content.decode()


def test_list_is_previewed_then_taken(cadre: Account, signed_in: SignedIn) -> None:
    client = signed_in(cadre)
    page = upload(client, GOOD)
    assert not Person.objects.filter(name="孙桂芳").exists()
    token = page.split('name="token" value="')[1].split('"')[0]
    response = client.post("/people/take/done/", {"token": token}, follow=True)
    assert "新登记 2 人" in response.content.decode()
    assert Person.objects.filter(name__in=["孙桂芳", "孙小军"]).count() == 2


def test_row_with_a_mistake_is_named_by_its_cell(cadre: Account, signed_in: SignedIn) -> None:
    page = upload(signed_in(cadre), BAD)
    assert "E2" in page
    assert "1391111" in page
    assert 'name="token"' not in page


def test_file_that_is_no_list_is_refused_kindly(cadre: Account, signed_in: SignedIn) -> None:
    page = upload(signed_in(cadre), "颜色,大小\n红,大\n")
    assert 'id="id_file_error"' in page


def test_unknown_preview_is_refused_kindly(cadre: Account, signed_in: SignedIn) -> None:
    response = signed_in(cadre).post("/people/take/done/", {"token": "nothing"})
    assert response.status_code == 422
    assert "这一步没有办成" in response.content.decode()


def test_villager_cannot_import(villager: Account, signed_in: SignedIn) -> None:
    page = upload(signed_in(villager), GOOD)
    assert 'name="token"' not in page
    assert not Person.objects.filter(name="孙桂芳").exists()


def test_empty_sheet_is_an_excel_file(cadre: Account, signed_in: SignedIn) -> None:
    response = signed_in(cadre).get("/people/take/sheet/")
    assert response.content[:2] == b"PK"
    assert "attachment" in response["Content-Disposition"]

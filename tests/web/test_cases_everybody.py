"""Every page about matters, as every role, in both languages: whole, or kindly refused."""

import re

import pytest
from engine.conftest import Village
from web.stage import Town

from cunzhi.engine.models import Activation, Case, Notice
from cunzhi.ledger.models import Account, Book

ROLES = (
    "villager",
    "neighbour",
    "grid_worker",
    "appraiser",
    "supervisor",
    "shopkeeper",
    "village_cadre",
    "township_officer",
    "county_officer",
)
EVERYBODY = set(ROLES)
OFFICERS = EVERYBODY - {"villager", "neighbour"}
HELPERS = {"grid_worker", "shopkeeper", "village_cadre"}
KEEPERS = {"shopkeeper", "village_cadre"}
LEDGER = {"supervisor", "village_cadre", "township_officer", "county_officer"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
DATA = (
    "中文",
    "扫了院坝",
    "故事里的",
    "故事",
    "任命",
    "捐赠",
    "石岗",
    "村民会议",
    "区县积分制指导标准（试行）",
    "中农发〔2020〕11号",
)
"""What people wrote, and names of places and documents: these stay as they are in every language."""


def paths(town: Town) -> dict[str, set[str]]:
    """Address -> who may open it."""
    case = town.report_deed()
    public = town.report_deed("neighbour")
    town.take("appraiser", public, "approve", seen="visited")
    notice = Notice.objects.get(case=public)
    town.client("villager").post("/report/points/redeem/", {"goods": town.good("soap"), "quantity": "1"})
    soap = Case.objects.get(workflow="redeem")
    item, book = town.good("soap"), Book.objects.get(kind="points")
    account = Account.objects.get(book=book, kind="pot")
    activation = Activation.objects.get()
    mine = OFFICERS | {"villager"}
    return {
        "/": EVERYBODY,
        "/village/": EVERYBODY,
        f"/village/notices/{notice.pk}/object/": EVERYBODY - {"neighbour"},
        "/report/": EVERYBODY,
        "/report/points/deed/": EVERYBODY,
        f"/report/points/redeem/?goods={item}": EVERYBODY,
        "/matters/": EVERYBODY,
        "/messages/": EVERYBODY,
        "/points/": EVERYBODY,
        "/shop/": EVERYBODY,
        "/rules/": EVERYBODY,
        f"/cases/{case.number}/": mine,
        f"/cases/{soap.number}/": mine,
        "/inbox/": EVERYBODY,
        "/cases/": EVERYBODY,
        "/help/?q=villager": HELPERS,
        f"/help/{town.person_id('villager')}/": HELPERS,
        "/shop/stock/": KEEPERS,
        "/shop/new/": KEEPERS,
        "/shop/hand-over/": KEEPERS,
        f"/shop/{item}/in/": KEEPERS,
        f"/shop/{item}/price/": KEEPERS,
        f"/shop/{item}/count/": KEEPERS,
        f"/shop/{item}/withdraw/": KEEPERS,
        "/pot/": {"village_cadre"},
        "/books/": LEDGER,
        f"/books/{book.pk}/": LEDGER,
        f"/accounts/{account.pk}/": LEDGER,
        f"/rules/{activation.pk}/tariff/": {"village_cadre"},
    }


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_page_is_whole_or_kindly_refused(village: Village, language: str) -> None:
    town = Town(village)
    pages = paths(town)
    for client in town.clients.values():
        client.get("/")  # what was said after the first steps was said in Chinese
    wrong = []
    for path, readers in pages.items():
        for name in ROLES:
            response = town.speaks(name, language).get(path)
            page = response.content.decode()
            if response.status_code not in ((200,) if name in readers else (403, 404)):
                wrong.append(f"{name} {path}: {response.status_code}")
            wrong += [f"{name} {path}: {problem}" for problem in problems(page, language)]
    assert wrong == []


def problems(page: str, language: str) -> list[str]:
    """What is wrong with a page of ours."""
    found = []
    if len(re.findall("<h1", page)) != 1:
        found.append("not one heading")
    text = re.sub(r"<(script|style).*?</\1>|<meta[^>]*>", "", page, flags=re.DOTALL)
    if "{" in text:
        found.append("an unfilled blank")
    if re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*src=)", page):
        found.append("inline style or script")
    for kept in DATA:
        text = text.replace(kept, "")
    if language == "en" and CHINESE.search(text):
        found.append(f"Chinese: {CHINESE.findall(text)[:12]}")
    ids = re.findall(r'\sid="([^"]+)"', page)
    if len(ids) != len(set(ids)):
        found.append(f"ids twice: {sorted({one for one in ids if ids.count(one) > 1})}")
    return found


@pytest.mark.parametrize("path", ["/village/", "/inbox/", "/cases/", "/help/", "/pot/", "/rules/", "/pictures/1/"])
def test_visitor_is_asked_to_sign_in(village: Village, client, path: str) -> None:  # type: ignore[no-untyped-def]
    assert client.get(path)["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("path", ["/messages/read/", "/help/end/", "/cases.csv"])
def test_what_changes_something_is_only_sent(village: Village, path: str) -> None:
    assert Town(village).client("villager").get(path).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/pictures/999999999999999999999/",
        "/shop/99999999999999999999/in/",
        "/books/99999999999999999999/",
        "/help/99999999999999999999/",
        "/village/notices/99999999999999999999/object/",
        "/rules/99999999999999999999/tariff/",
    ],
)
def test_number_that_no_record_has_finds_no_page(village: Village, path: str) -> None:
    assert Town(village).client("village_cadre").get(path).status_code == 404

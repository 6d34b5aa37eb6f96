"""Every page, in both languages and without JavaScript: there, titled, whole, and with its headers."""

import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.test import Client, RequestFactory
from web.village import VILLAGE

from cunzhi.base.messages import catalogue
from cunzhi.registry.models import Account
from cunzhi.web.errors import broken

PUBLIC = (
    "/",
    "/sign-in/",
    "/sign-in/password/",
    "/places/",
    "/places/?q=石岗",
    f"/places/{VILLAGE}/",
    "/accessibility/",
    "/privacy/",
)
LANGUAGES = ("zh-hans", "en")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def title(page: str) -> str:
    return re.search(r"<title>(.+?) · ", page).group(1)  # type: ignore[union-attr]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PUBLIC)
def test_public_page_is_whole(places: None, path: str, language: str) -> None:
    client = Client(headers={"accept-language": language})
    response = client.get(path)
    page = response.content.decode()
    assert response.status_code == 200
    assert title(page).strip()
    assert response["Content-Language"] == language
    assert "{" not in re.sub(r"<(script|style).*?</\1>", "", page, flags=re.DOTALL)
    assert len(re.findall("<h1", page)) == 1
    if language == "en" and "places" not in path:
        assert not CHINESE.search(page.replace("中文", ""))


def test_sentences_exist_in_both_languages() -> None:
    chinese, english = ({key for key in catalogue(one) if key.startswith("web.")} for one in LANGUAGES)
    assert chinese == english


def test_sentences_have_the_same_blanks() -> None:
    blanks = re.compile(r"\{(\w+)\}")
    one, other = catalogue("zh-hans"), catalogue("en")
    differing = [
        key
        for key in one
        if key.startswith("web.") and set(blanks.findall(one[key])) != set(blanks.findall(other[key]))
    ]
    assert differing == []


def test_templates_name_only_known_sentences() -> None:
    root = Path(__file__).resolve().parents[2] / "src" / "cunzhi" / "web"
    known = catalogue("en")
    named = {
        key
        for path in [*root.rglob("*.html"), *root.rglob("*.py")]
        for key in re.findall(r"""["'](web(?:\.[a-z_]+)+)["']""", path.read_text(encoding="utf-8"))
        if not (path.suffix == ".py" and key.startswith("web.urls"))
    }
    groups = {key.rpartition(".")[0] for key in known}
    assert sorted(named - known.keys() - groups) == []


@pytest.mark.parametrize("path", PUBLIC)
def test_page_has_no_inline_style_or_script(places: None, path: str) -> None:
    page = Client().get(path).content.decode()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*src=)", page)


def test_headers_are_strict(db: None) -> None:
    response = Client().get("/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert "microphone=()" in response["Permissions-Policy"]


def test_page_of_somebody_signed_in_is_not_kept(villager: Account, signed_in: Callable[[Account], Client]) -> None:
    assert "no-store" in signed_in(villager).get("/")["Cache-Control"]


def test_unknown_page_is_kind(db: None) -> None:
    response = Client().get("/nowhere/")
    assert response.status_code == 404
    assert "没有找到这个页面" in response.content.decode()


def test_form_without_its_secret_is_kind(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/sign-in/", {"phone": "13800000000"})
    assert response.status_code == 403
    assert "刷新" in response.content.decode()


def test_each_page_hides_the_secret_of_forms_anew_and_django_knows_it(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    tokens = [hidden(client.get("/privacy/").content.decode()) for _ in range(20)]
    assert len({*tokens}) == len(tokens) and {len(one) for one in tokens} == {64}
    for token in tokens:
        assert client.post("/care/", {"care": "1", "csrfmiddlewaretoken": token}).status_code == 302
    other = tokens[0][:63] + ("b" if tokens[0][63] == "a" else "a")
    assert client.post("/care/", {"care": "1", "csrfmiddlewaretoken": other}).status_code == 403


def hidden(text: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
    assert found
    return found[1]


def test_language_is_remembered(db: None) -> None:
    client = Client()
    assert client.post("/language/", {"language": "en", "next": "/privacy/"})["Location"] == "/privacy/"
    assert title(client.get("/privacy/").content.decode()) == "Your data"
    client.post("/language/", {"language": "xx"})
    assert title(client.get("/privacy/").content.decode()) == "Your data"


def test_care_mode_is_remembered_in_the_account(villager: Account, signed_in: Callable[[Account], Client]) -> None:
    client = signed_in(villager)
    client.post("/care/", {"care": "1"})
    assert 'class="care"' in signed_in(villager).get("/").content.decode()
    client.post("/care/", {"care": "0"})
    villager.refresh_from_db()
    assert villager.care_mode is False


def test_health_answers(db: None) -> None:
    assert Client().get("/healthz").json()["status"] == "ok"


def test_manifest_names_an_icon_that_is_there(db: None) -> None:
    client = Client()
    icon = client.get("/manifest.webmanifest").json()["icons"][0]["src"]
    with closing(client.get(icon)) as response:
        assert response.status_code == 200


def test_first_page_is_light(db: None) -> None:
    client = Client()
    page = client.get("/")
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.content.decode())
    weight = len(page.content)
    for file in files:
        with closing(client.get(file)) as response:
            weight += len(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    assert weight < 60_000


def test_style_sheet_is_small() -> None:
    sheet = Path(__file__).resolve().parents[2] / "src" / "cunzhi" / "web" / "static" / "cunzhi.css"
    assert sheet.stat().st_size < 20_000


def test_broken_page_asks_nothing() -> None:
    assert broken(RequestFactory().get("/")).status_code == 500


def test_request_for_another_host_is_refused(db: None) -> None:
    assert Client().get("/", headers={"host": "evil.example"}).status_code == 400

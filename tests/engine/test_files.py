"""Files that come with a case: kept as they are, named without tricks, taken only where a form asks for them."""

import pytest
from engine.conftest import Village

from cunzhi.base.errors import Refused
from cunzhi.engine.actions.cases import open_case
from cunzhi.engine.actions.files import keep_file, tidy
from cunzhi.engine.keeping import UNBOUND_AT_MOST, content_of, forget_unbound
from cunzhi.engine.models import Attachment
from cunzhi.engine.stage import GRID, paper, picture


def sent(village: Village, data: bytes, name: str = "纪要.pdf") -> Attachment:
    return keep_file(by=village.actor("villager"), data=data, name=name, field="minutes", place_code=GRID)


def test_pdf_is_kept_byte_by_byte(village: Village) -> None:
    kept = sent(village, paper("minutes"))
    assert (kept.kind, kept.name, kept.is_picture) == ("pdf", "纪要", False)
    assert content_of(kept) == paper("minutes")


def test_photo_is_kept_like_any_picture_whatever_it_is_called(village: Village) -> None:
    kept = sent(village, picture("page"), "收据.pdf")
    assert (kept.kind, kept.name, kept.is_picture) == ("jpg", "收据", True)
    assert content_of(kept) != picture("page"), "hidden data were taken out"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\账本\\三月.xlsx", "三月"),
        ("../../etc/passwd", "passwd"),
        ("账目\u202efdp.exe", "账目 fdp"),
        ("a\nb<c>.pdf", "a b c"),
        ("x" * 300 + ".pdf", "x" * 100),
        ("", ""),
    ],
)
def test_names_lose_what_deceives(name: str, shown: str) -> None:
    assert tidy(name) == shown


def test_pdf_is_no_photo(village: Village) -> None:
    kept = sent(village, paper("minutes"))
    answers = {"deed": "clean_yard", "done_on": "2026-03-01", "photos": [kept.pk]}
    with pytest.raises(Refused) as refused:
        open_case(by=village.actor("villager"), scenario="points", workflow="deed", place_code=GRID, answers=answers)
    assert refused.value.code == "engine.answer.image"


def test_flood_of_files_is_refused(village: Village) -> None:
    for number in range(UNBOUND_AT_MOST):
        sent(village, paper(f"page {number}"))
    with pytest.raises(Refused) as refused:
        sent(village, paper("one more"))
    assert refused.value.code == "engine.too_many_pictures"


def test_file_that_no_case_took_is_forgotten_with_its_bytes(village: Village) -> None:
    kept = sent(village, paper("minutes"))
    Attachment.objects.update(uploaded_at="2026-02-01T00:00Z")
    assert forget_unbound(by=village.actor("villager")) == 1
    with pytest.raises(FileNotFoundError):
        content_of(kept)

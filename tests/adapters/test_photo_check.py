"""The machine's first look at a picture."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from adapters.drawn import scene, written
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cunzhi.adapters.photo_check.fake import FakePhotoCheck
from cunzhi.adapters.photo_check.local import LocalPhotoCheck
from cunzhi.adapters.photo_check.port import Claim, Code, Earlier, Finding, PhotoCheck, Seen
from cunzhi.adapters.pictures.inspect import inspect_picture
from cunzhi.base.messages import say

NOON = datetime(2026, 7, 1, 4, tzinfo=UTC)
SEEN = Seen(
    width=1600, height=1200, phash="f0f0f0f0f0f0f0f0", phash_mirror="0f0f0f0f0f0f0f0f", blur=900.0,
    taken_at=NOON, longitude=106.67, latitude=29.835,
)  # fmt: skip
CLAIM = Claim(at=NOON, longitude=106.67, latitude=29.835)

checks = pytest.mark.parametrize("check", [LocalPhotoCheck(), FakePhotoCheck()], ids=["real", "fake"])


def found(picture: Seen, *, claim: Claim = CLAIM, earlier: tuple[Earlier, ...] = ()) -> dict[Code, Finding]:
    return {finding.code: finding for finding in LocalPhotoCheck().look(picture, claim, earlier)}


numbers = st.none() | st.floats()
odd_times = st.none() | st.datetimes(timezones=st.none() | st.just(UTC))
hashes = st.text("0123456789abcdefxyz-", max_size=20)
odd_pictures = st.builds(
    Seen, width=st.integers(), height=st.integers(), phash=hashes, phash_mirror=hashes, blur=st.floats(),
    taken_at=odd_times, longitude=numbers, latitude=numbers,
)  # fmt: skip
odd_claims = st.builds(
    Claim, at=odd_times, tolerance=st.timedeltas(), longitude=numbers, latitude=numbers, within_metres=st.floats()
)


@checks
@given(picture=odd_pictures, claim=odd_claims, earlier=st.lists(st.builds(Earlier, st.text(), hashes, hashes)))
def test_look_at_anything_finds_one_thing_per_code_that_can_be_said(
    check: PhotoCheck, picture: Seen, claim: Claim, earlier: list[Earlier]
) -> None:
    findings = check.look(picture, claim, iter(earlier))
    assert [finding.code for finding in findings] == list(get_args(Code))
    for finding in findings:
        json.dumps(dict(finding.params), allow_nan=False)


def test_look_at_a_good_picture_finds_nothing() -> None:
    assert {finding.verdict for finding in found(SEEN).values()} == {"ok"}


def test_look_at_a_bare_picture_abstains() -> None:
    findings = found(replace(SEEN, taken_at=None, longitude=None, phash="", blur=float("nan")))
    assert {code: finding.verdict for code, finding in findings.items()} == {
        "duplicate": "abstain", "time": "abstain", "place": "abstain", "blur": "abstain", "size": "ok",
    }  # fmt: skip


def test_look_without_a_claim_abstains() -> None:
    findings = found(SEEN, claim=Claim())
    assert findings["time"].verdict == findings["place"].verdict == "abstain"


@pytest.mark.parametrize(("bits", "verdict"), [(0, "doubt"), (10, "doubt"), (11, "ok")])
def test_look_duplicate_up_to_ten_bits(bits: int, verdict: str) -> None:
    near = f"{int(SEEN.phash, 16) ^ ((1 << bits) - 1):016x}"
    earlier = (Earlier("far", "0" * 16, "0" * 16), Earlier("near", near, "0" * 16))
    finding = found(SEEN, earlier=earlier)["duplicate"]
    assert finding.verdict == verdict
    if verdict == "doubt":
        assert finding.params == {"earlier": "near", "distance": bits, "mirrored": False}


def test_look_duplicate_knows_the_mirror_of_an_earlier_picture() -> None:
    one, mirror = (
        inspect_picture(written(scene())),
        inspect_picture(written(scene().transpose(Image.Transpose.FLIP_LEFT_RIGHT))),
    )
    picture = replace(SEEN, phash=mirror.phash, phash_mirror=mirror.phash_mirror)
    finding = found(picture, earlier=(Earlier("7", one.phash, one.phash_mirror),))["duplicate"]
    assert (finding.verdict, finding.params["earlier"], finding.params["mirrored"]) == ("doubt", "7", True)


@pytest.mark.parametrize(("hours", "verdict"), [(-24, "ok"), (24, "ok"), (25, "doubt"), (-25, "doubt")])
def test_look_time_within_tolerance(hours: int, verdict: str) -> None:
    finding = found(replace(SEEN, taken_at=NOON + timedelta(hours=hours)))["time"]
    assert (finding.verdict, finding.params["hours"]) == (verdict, abs(hours))


@pytest.mark.parametrize(("latitude", "metres", "verdict"), [(29.8390, 445, "ok"), (29.8400, 556, "doubt")])
def test_look_place_within_metres(latitude: float, metres: int, verdict: str) -> None:
    finding = found(replace(SEEN, latitude=latitude))["place"]
    assert finding.verdict == verdict
    assert finding.params["metres"] == pytest.approx(metres, abs=2)


def test_look_blurred_or_small_picture_is_a_doubt() -> None:
    findings = found(replace(SEEN, blur=12.0, width=300))
    assert (findings["blur"].verdict, findings["size"].verdict) == ("doubt", "doubt")


def test_every_finding_can_be_said_in_both_languages() -> None:
    earlier = (Earlier("7", SEEN.phash, SEEN.phash_mirror),)
    doubtful = replace(SEEN, blur=1.0, width=10, taken_at=NOON + timedelta(days=9), latitude=20.0)
    bare = replace(SEEN, taken_at=None, longitude=None, phash="", blur=float("nan"))
    everything = [*found(SEEN).values(), *found(doubtful, earlier=earlier).values(), *found(bare).values()]
    for finding in everything:
        key = f"adapters.photo_check.{finding.code}.{finding.verdict}"
        assert say(key, "zh-hans", **finding.params) != say(key, "en", **finding.params)


def test_fake_finds_what_it_is_told() -> None:
    doubt = Finding("blur", "doubt", {"sharpness": 3, "least": 50})
    check = FakePhotoCheck((doubt,))
    assert check.look(SEEN, CLAIM, ())[3] == doubt
    assert check.looked == [(SEEN, CLAIM)]

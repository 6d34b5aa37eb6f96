"""What a person typed, the pictures and files they sent, as the engine reads it; no error costs what arrived."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.http import QueryDict

from cunzhi.adapters.pictures.port import DEFAULT_LIMITS
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.engine.actions.files import keep_file
from cunzhi.engine.actions.pictures import keep_picture
from cunzhi.engine.models import Attachment, Case
from cunzhi.engine.spec.form import SENT, Form, FormField
from cunzhi.web.request import Request

FILE = ".file"
"""The name of a file input is its field's with this behind it; the field itself holds what arrived.

Names in a form never hold a dot nor begin with an underscore, so what we add ourselves cannot be one of its fields.
"""
MISSING = "-"
"""Stands for half of a point that was not filled in."""
KEY_LENGTH = 32
LONGEST_ID = 18


@dataclass
class Given:
    """The raw answers of one form, and what was wrong with what was sent along."""

    raw: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, Refused] = field(default_factory=dict)


def given_in(form: Form | None, typed: QueryDict) -> Given:
    """The answers in a form's inputs or in an address; fields that are not there are left out."""
    raw = {one.name: _raw(one, typed) for one in form.fields if one.type != "note"} if form else {}
    return Given({name: value for name, value in raw.items() if value not in (None, "", [])})


def keep_sent(
    given: Given, form: Form | None, request: Request, *, by: Actor, place_code: str, case: Case | None = None
) -> None:
    """Take in the pictures and files that were sent. Each is kept at once: a mistake elsewhere never costs them."""
    for one in form.fields if form else []:
        if one.type not in SENT:
            continue
        kept: list[int] = [sent.pk for sent in own_sent(given.raw.get(one.name, []), by, case)]
        try:
            for upload in request.FILES.getlist(one.name + FILE):
                if len(kept) >= one.constraint.max_count:
                    raise Refused(f"engine.answer.too_many_{one.type}s", field=one.name, most=one.constraint.max_count)
                kept.append(_keep(upload, one, by, place_code))
        except Refused as refused:
            given.problems[one.name] = refused
        given.raw[one.name] = kept


def own_sent(ids: list[Any], by: Actor, case: Case | None = None) -> list[Attachment]:
    """Those of the pictures and files that the person sent and that no other case has taken yet."""
    wanted = [int(each) for each in ids if is_id(str(each))]
    if not wanted:
        return []
    free = Q(case__isnull=True) if case is None else Q(case__isnull=True) | Q(case=case)
    return list(Attachment.objects.filter(free, pk__in=wanted, uploaded_by_id=by.person_id).order_by("id"))


def reason_in(request: Request) -> str:
    """The reason as it was typed, without what no database keeps."""
    return request.POST.get("_reason", "").replace("\x00", "")


def is_id(text: str) -> bool:
    """Whether a text can be the id of a record; a database takes no number of any length."""
    return text.isdecimal() and text.isascii() and len(text) <= LONGEST_ID


def fresh_key() -> str:
    """A new key for one sending: the same form sent twice is one matter."""
    return uuid4().hex


def key_in(request: Request) -> str:
    """The key that came with the form, or a new one when it is no key of ours."""
    key = request.POST.get("_key", "")
    return key if len(key) == KEY_LENGTH and key.isalnum() and key.isascii() else fresh_key()


def _keep(upload: "UploadedFile[bytes]", one: FormField, by: Actor, place_code: str) -> int:
    """One byte more than the limit is enough to know that it is too much."""
    data = upload.read(DEFAULT_LIMITS.bytes + 1)
    if one.type == "image":
        return keep_picture(by=by, data=data, field=one.name, place_code=place_code).pk
    return keep_file(by=by, data=data, name=upload.name or "", field=one.name, place_code=place_code).pk


def _raw(one: FormField, typed: QueryDict) -> Any:
    if one.type in ("select_multiple", *SENT):
        return typed.getlist(one.name)
    if one.type == "geopoint":
        parts = [typed.get(f"{one.name}.{part}", "").strip() for part in ("latitude", "longitude")]
        return " ".join(part or MISSING for part in parts) if any(parts) else ""
    return typed.get(one.name)

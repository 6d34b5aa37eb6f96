"""Takes files in: a PDF or an Excel sheet byte by byte, a photo like any picture."""

import re

from django.db import transaction

from cunzhi.adapters.documents.inspect import inspect_document, is_picture
from cunzhi.adapters.documents.port import Document
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.engine.actions.pictures import keep_picture
from cunzhi.engine.keeping import file_path, require_room, store
from cunzhi.engine.models import Attachment
from cunzhi.journal.actions import note

UNWRITABLE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069/\\\\:*?\"<>|]")
"""What a file name may not hold on some system, and signs that turn it round so that it looks like another."""
LONGEST_NAME = 100


def keep_file(*, by: Actor, data: bytes, name: str, field: str, place_code: str) -> Attachment:
    """Keep a file until a case binds it. What it is shows in its bytes; its name is only shown."""
    if is_picture(data):
        return keep_picture(by=by, data=data, field=field, place_code=place_code, name=tidy(name))
    require_room(by, field)
    document = inspect_document(data)
    store({file_path(document.sha256, document.kind): document.content})
    return _row(by, document, field, place_code, tidy(name))


def tidy(name: str) -> str:
    """The sender's name of a file without folders, ending, and signs that deceive."""
    stem = name.replace("\\", "/").rpartition("/")[2]
    stem = stem.rpartition(".")[0] or stem
    return " ".join(UNWRITABLE.sub(" ", stem).split())[:LONGEST_NAME]


@transaction.atomic
def _row(by: Actor, document: Document, field: str, place_code: str, name: str) -> Attachment:
    attachment = Attachment.objects.create(
        field=field,
        uploaded_by_id=by.person_id,
        uploaded_at=clock.now(),
        place_code=place_code,
        file=file_path(document.sha256, document.kind),
        name=name,
        size=len(document.content),
        sha256=document.sha256,
    )
    detail = {"sha256": document.sha256, "kind": document.kind}
    note(by=by, verb="file.keep", record=f"file:{attachment.pk}", place_code=place_code, detail=detail)
    return attachment

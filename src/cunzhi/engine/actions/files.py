"""Takes files in: a PDF or an Excel sheet byte by byte, a photo like any picture."""

import re

from cunzhi.adapters.documents.inspect import inspect_document, is_picture
from cunzhi.base.actor import Actor
from cunzhi.engine.actions.attaching import attach
from cunzhi.engine.actions.pictures import keep_picture
from cunzhi.engine.keeping import file_path, require_room, store
from cunzhi.engine.models import Attachment

UNWRITABLE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069/\\\\:*?\"<>|]")
"""What a file name may not hold on some system, and signs that turn it round so that it looks like another."""
LONGEST_NAME = 100


def keep_file(*, by: Actor, data: bytes, name: str, field: str, place_code: str) -> Attachment:
    """Keep a file until a case binds it. What it is shows in its bytes; its name is only shown."""
    if is_picture(data):
        return keep_picture(by=by, data=data, field=field, place_code=place_code, name=tidy(name))
    require_room(by, field)
    document = inspect_document(data)
    path = file_path(document.sha256, document.kind)
    store({path: document.content})
    sent = Attachment(
        field=field,
        place_code=place_code,
        file=path,
        name=tidy(name),
        size=len(document.content),
        sha256=document.sha256,
    )
    return attach(by=by, what="file", sent=sent, detail={"sha256": document.sha256, "kind": document.kind})


def tidy(name: str) -> str:
    """The sender's name of a file without folders, ending, and signs that deceive."""
    stem = name.replace("\\", "/").rpartition("/")[2]
    stem = stem.rpartition(".")[0] or stem
    return " ".join(UNWRITABLE.sub(" ", stem).split())[:LONGEST_NAME]

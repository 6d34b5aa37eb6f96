"""Where stills lie, and which of them somebody may know of."""

from django.core.files.storage import default_storage
from django.db.models import QuerySet

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.base.fields import under_any
from cunzhi.perception.models import Still
from cunzhi.perception.queries.scope import SEE
from cunzhi.registry.access import Access


def path_of(sha256: str) -> str:
    """Where a still lies in the file store, apart from the pictures of cases: it goes on a day of its own."""
    return f"stills/{sha256[:2]}/{sha256}.jpg"


def content_of(still: Still) -> bytes:
    """The picture; Refused when its file is gone."""
    try:
        with default_storage.open(path_of(still.sha256)) as file:
            return bytes(file.read())
    except FileNotFoundError:
        raise Refused("perception.still_gone") from None


def stills_for(access: Access) -> QuerySet[Still]:
    """The stills of the places that somebody looks after, those whose days are over left out."""
    return Still.objects.filter(under_any(access.places(SEE)), keep_until__gt=clock.now())

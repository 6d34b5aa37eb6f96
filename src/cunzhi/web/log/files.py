"""The log's files: the same for everybody, kept by any cache on the way where they never change."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from cunzhi.journal.exporting import policy_text
from cunzhi.journal.log import policy
from cunzhi.journal.models import Leaf, SignedHead
from cunzhi.journal.queries import head_for, newest_head, prove, published
from cunzhi.journal.tree import fetch
from cunzhi.transparency.errors import Doubt
from cunzhi.transparency.notes import Key
from cunzhi.transparency.tiles import HEIGHT, Tile, read_path

TEXT, BYTES = "text/plain; charset=utf-8", "application/octet-stream"
FOR_EVER = "public, max-age=31536000, immutable"
FOR_NOW = "public, max-age=5"


def _file(content: str | bytes, kind: str, kept: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Cache-Control"] = kept
    response["Access-Control-Allow-Origin"] = "*"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def head_or_404() -> SignedHead:
    head = newest_head()
    if head is None:
        raise Http404
    return head


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed size and root, with the signatures of all witnesses so far."""
    return _file(str(published(head_or_404())), TEXT, FOR_NOW)


@require_safe
def policy_file(request: HttpRequest) -> HttpResponse:
    """Our key and our witnesses, as a file for cunzhi-audit."""
    return _file(policy_text(Key.read(head_or_404().log.key), policy()), TEXT, FOR_NOW)


@require_safe
def tile(request: HttpRequest, rest: str) -> HttpResponse:
    """256 hashes or entries, or as many as there were under some checkpoint."""
    try:
        wanted = read_path(f"tile/{rest}")
    except Doubt as doubt:
        raise Http404 from doubt
    if wanted.start + wanted.width > _count(wanted, head_or_404().size):
        raise Http404
    return _file(fetch(wanted), BYTES, FOR_EVER)


def _count(wanted: Tile, size: int) -> int:
    return size >> HEIGHT * (wanted.level or 0)


@require_safe
def proof_file(request: HttpRequest, leaf: int) -> HttpResponse:
    """The file that proves an entry offline."""
    found = get_object_or_404(Leaf, pk=leaf)
    head = head_for(leaf)
    if head is None:
        raise Http404
    response = _file(prove(found, head), TEXT, FOR_NOW)
    response["Content-Disposition"] = f'attachment; filename="entry-{leaf}.tlog-proof"'
    return response

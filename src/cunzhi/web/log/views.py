"""How large the log is, who witnessed it, and what was made public last."""

import json
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from cunzhi.base.clock import ZONE
from cunzhi.journal.log import own_name, policy
from cunzhi.journal.models import Leaf, Log, SignedHead
from cunzhi.journal.queries import newest_head, public_leaves, published
from cunzhi.registry.queries.places import names_of
from cunzhi.transparency.checkpoints import Checkpoint, cosigners
from cunzhi.transparency.notes import encoded
from cunzhi.web.log.codes import code_of
from cunzhi.web.log.reading import read
from cunzhi.web.pages import page
from cunzhi.web.request import Request

SHOWN = 20


@require_safe
def log(request: Request) -> HttpResponse:
    """The state of the log, its newest public acts, and the ways to check it."""
    head = newest_head()
    before = request.GET.get("before", "")
    leaves = public_leaves(before=int(before) if before.isdigit() else None, count=SHOWN + 1)
    acts = [(leaf, json.loads(leaf.content)) for leaf in leaves[:SHOWN]]
    names = names_of({told["place"] for _, told in acts})
    context: dict[str, Any] = {
        "head": head,
        "signed": signed_facts(head) if head else None,
        "acts": [(leaf, told, datetime.fromisoformat(told["at"]), names[told["place"]]) for leaf, told in acts],
        "older": leaves[SHOWN - 1].pk if len(leaves) > SHOWN else None,
        "former": [Checkpoint.read(_text(one.after)) for one in Log.objects.exclude(after="").order_by("-id")],
        "name": head.log.origin if head else own_name(),
    }
    return page(request, "log/log.html", **context)


def _text(note: str) -> str:
    return note.partition("\n\n")[0] + "\n"


def signed_facts(head: SignedHead) -> dict[str, Any]:
    """A checkpoint for people: its root in groups, and which witness signed when."""
    trusted, note = policy(), published(head)
    times = cosigners(note, trusted.keys())
    checkpoint = Checkpoint.read(note.text)
    witnesses = [(name, party.key.name, _moment(times.get(party.key))) for name, party in trusted.witnesses.items()]
    return {
        "size": checkpoint.size,
        "root": encoded(checkpoint.root),
        "at": head.at,
        "key": head.log.key,
        "witnesses": witnesses,
        "enough": trusted.satisfied(times),
    }


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, ZONE)


@require_safe
def entry(request: Request, leaf: int) -> HttpResponse:
    """One entry as outsiders get it, with its proof."""
    found = read(get_object_or_404(Leaf, pk=leaf))
    address = request.build_absolute_uri(reverse("log_entry", args=[leaf]))
    return page(request, "log/entry.html", found=found, told=found.told, code=code_of(address), leaf=leaf)

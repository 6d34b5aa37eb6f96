"""What came of a vote, for everybody: the counts, the ballots behind them, and the file to count them again."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from cunzhi.deliberation.codes import grouped
from cunzhi.deliberation.models import Ballot, Topic
from cunzhi.deliberation.queries.results import Result, ballots_of, digest_of, published, recounted, result_of
from cunzhi.deliberation.queries.topics import named
from cunzhi.registry.queries.places import name_of
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.charts.bars import bars
from cunzhi.web.charts.chart import Chart
from cunzhi.web.deliberation.reading import full_names
from cunzhi.web.language import t
from cunzhi.web.paging import asked_number, turned
from cunzhi.web.request import Request

LINES = 50


@dataclass(frozen=True)
class Shown:
    """A ballot that counts: a code, or a number on the roll with its name."""

    voter: str
    name: str
    option: str


@require_safe
def result(request: Request, topic_id: int) -> HttpResponse:
    """The result of a vote that was closed."""
    topic = get_object_or_404(Topic.objects.exclude(ballot=Topic.Ballot.NONE), pk=topic_id)
    if topic.closed_at is None:
        return matter_page(request, "deliberation/waiting.html", topic=topic)
    ballots = ballots_of(topic)
    found = result_of(topic, ballots)
    number = asked_number(request)
    rows = _rows(request, topic, ballots) if found.countable else []
    digest = digest_of(topic, ballots) if found.countable else ""
    context: dict[str, Any] = {
        "topic": topic,
        "place": name_of(topic.place_code),
        "result": found,
        "chart": _chart(found) if found.countable else None,
        "pager": turned(request, rows[(number - 1) * LINES : number * LINES + 1], number, LINES),
        "digest": digest,
        "inside": full_names(request, topic),
        "proof": _proof(digest),
    }
    return matter_page(request, "deliberation/result.html", **context)


def _chart(result: Result) -> Chart:
    return bars(t("web.topics.counts"), [(line.words, float(line.count)) for line in result.lines])


def _rows(request: Request, topic: Topic, ballots: list[Ballot]) -> list[Shown]:
    """The ballots that count: by code, in the order of the figures; or by number on the roll."""
    casts = recounted(ballots)
    words = {one.number: one.words for one in topic.options.all()}
    if topic.ballot == Topic.Ballot.SECRET:
        return sorted((Shown(grouped(one.voter), "", words[one.option]) for one in casts), key=lambda row: row.voter)
    names = _names(request, topic)
    ordered = sorted(casts, key=lambda cast: int(cast.voter))
    return [Shown(one.voter, names.get(one.voter, ""), words[one.option]) for one in ordered]


def _names(request: Request, topic: Topic) -> dict[str, str]:
    full = full_names(request, topic)
    rows = named(list(topic.voters.select_related("person", "household")))
    return {str(one.voter.number): one.full if full else one.name for one in rows}


def _proof(digest: str) -> str:
    """The page on which everybody finds the file's hash in the public log."""
    try:
        return reverse("verify_hash", args=[digest]) if digest else ""
    except NoReverseMatch:
        return ""


@require_safe
def download(request: Request, topic_id: int) -> HttpResponse:
    """The published file, byte for byte as its hash in the journal says."""
    topic = get_object_or_404(Topic.objects.exclude(closed_at=None), pk=topic_id)
    ballots = ballots_of(topic)
    if not result_of(topic, ballots).countable:
        raise Http404(topic_id)
    response = HttpResponse(published(topic, ballots), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ballots-{topic.pk}.csv"'
    return response

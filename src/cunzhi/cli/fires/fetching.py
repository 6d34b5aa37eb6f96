"""Asks FIRMS for what is new where the scenario is on."""

from datetime import timedelta

from django.conf import settings

from cunzhi.adapters.firms.chosen import fire_feed
from cunzhi.adapters.firms.port import FireFeed
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.cli.fires.handing import SCENARIO
from cunzhi.engine.queries.openings import activations_of
from cunzhi.fires.actions.taking import Taken, note_try, take
from cunzhi.fires.geometry import bounds
from cunzhi.fires.models import Feed
from cunzhi.fires.queries.events import PRODUCTS

EVERY = timedelta(minutes=30)
DAYS = 2
"""Yesterday too: near real time may take a day when a ground station is down."""
COUNTY = 6


def fetch_due(by: Actor) -> int:
    """By the clock: what was not asked for within half an hour. Failures are kept for the page; the round goes on."""
    feed = fire_feed()
    box = _box() if feed else None
    if feed is None or box is None:
        return 0
    new = 0
    tried = dict(Feed.objects.filter(product__in=PRODUCTS).values_list("product", "tried_at"))
    for product in PRODUCTS:
        last = tried.get(product)
        if last is None or clock.now() - last >= EVERY:
            try:
                new += fetch_one(feed, product, box, by).new
            except Refused:
                continue  # kept by note_try and said on the page
    return new


def fetch_all(by: Actor) -> list[tuple[str, Taken | Refused]]:
    """Now, every product; what went wrong stands beside what went well."""
    feed, box = fire_feed(), _box()
    if feed is None:
        raise Refused("fires.feed.no_key")
    if box is None:
        raise Refused("fires.feed.nowhere")
    found: list[tuple[str, Taken | Refused]] = []
    for product in PRODUCTS:
        try:
            found.append((product, fetch_one(feed, product, box, by)))
        except Refused as refused:
            found.append((product, refused))
    return found


def fetch_one(feed: FireFeed, product: str, box: tuple[float, float, float, float], by: Actor) -> Taken:
    """One product taken in, or Refused; either way it is noted that it was tried."""
    answer = feed.ask(product, box, DAYS)
    try:
        if answer.failure:
            raise Refused("fires.feed.failed", product=product, said=answer.failure)
        taken = take(by=by, data=answer.data, source=product)
    except Refused as refused:
        note_try(product=product, said=refused.say(settings.LANGUAGE_CODE))
        raise
    note_try(product=product)
    return taken


def _box() -> tuple[float, float, float, float] | None:
    return bounds([one.place_code[:COUNTY] for one in activations_of(SCENARIO)])

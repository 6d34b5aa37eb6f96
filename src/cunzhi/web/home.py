"""The cards of the front page of somebody signed in, by what they may do."""

from dataclasses import dataclass

from cunzhi.engine.queries.cases import inbox_count
from cunzhi.engine.queries.messages import unread_count
from cunzhi.web.request import Request, account_of


@dataclass(frozen=True)
class Card:
    """A thing to do; its words stand in the messages under web.home.<key>."""

    key: str
    icon: str
    view: str
    verb: str = ""


GROUPS = {
    "now": ("inbox", "report", "news", "help", "warnings"),
    "mine": ("village", "topics", "matters", "points", "shop", "rules", "places", "me"),
}
"""Under which heading a card stands; what is in neither is somebody's office."""
CARDS = (
    Card("inbox", "inbox", "inbox", verb="case.see"),
    Card("report", "send", "report"),
    Card("village", "family", "village"),
    Card("topics", "speak", "topics"),
    Card("matters", "list", "matters"),
    Card("news", "notice", "news"),
    Card("points", "coin", "points"),
    Card("shop", "bag", "shop"),
    Card("help", "people", "help", verb="case.help"),
    Card("cases", "list", "cases", verb="case.see"),
    Card("stock", "bag", "stock", verb="stock.manage"),
    Card("pot", "coin", "pot", verb="pot.fund"),
    Card("books", "scale", "books", verb="ledger.see"),
    Card("columns", "notice", "columns", verb="case.see"),
    Card("fires", "eye", "fires", verb="sensors.see"),
    Card("alarms", "warning", "alarms", verb="alarms.see"),
    Card("emergencies", "shield", "emergencies", verb="emergencies.see"),
    Card("map", "place", "map", verb="sensors.see"),
    Card("warnings", "notice", "warnings"),
    Card("rules", "scale", "rules"),
    Card("figures", "chart", "figures", verb="figures.see"),
    Card("people", "people", "people", verb="people.see"),
    Card("take", "upload", "take_people", verb="people.import"),
    Card("appointments", "badge", "appointments", verb="appoint"),
    Card("scenarios", "leaf", "scenarios", verb="activate"),
    Card("places", "place", "places"),
    Card("me", "person", "me"),
)


def cards(request: Request) -> dict[str, list[Card]]:
    """What the reader may do by heading, most used first."""
    found: dict[str, list[Card]] = {"now": [], "office": [], "mine": []}
    for card in CARDS:
        if not card.verb or request.access.places(card.verb):
            group = next((name for name, keys in GROUPS.items() if card.key in keys), "office")
            found[group].append(card)
    return {group: some for group, some in found.items() if some}


def waiting(request: Request) -> dict[str, int]:
    """How many wait behind a card, by its key; only where there are any."""
    counts = {"news": unread_count(account_of(request).person_id)}
    if request.access.places("case.see"):
        counts["inbox"] = inbox_count(request.access)
    return {key: count for key, count in counts.items() if count}

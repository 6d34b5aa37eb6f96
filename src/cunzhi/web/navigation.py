"""What stands in the bar at the top, by what the reader may do."""

from dataclasses import dataclass

from cunzhi.web.request import Request


@dataclass(frozen=True)
class Entry:
    """One way to go. `verb` is what one must be allowed to do somewhere; an empty one is for everybody signed in.

    Whoever may do `without` somewhere has more pressing ways, and finds this one on the front page.
    """

    view: str
    label: str
    icon: str
    verb: str = ""
    public: bool = False
    without: str = ""


ENTRIES = (
    Entry("home", "web.nav.home", "home", public=True),
    Entry("inbox", "web.nav.inbox", "inbox", verb="case.see"),
    Entry("cases", "web.nav.cases", "list", verb="case.see"),
    Entry("village", "web.nav.village", "family", without="case.see"),
    Entry("report", "web.nav.report", "send"),
    Entry("matters", "web.nav.matters", "list", without="case.see"),
    Entry("news", "web.nav.news", "notice"),
    Entry("figures", "web.nav.figures", "chart", verb="figures.see"),
    Entry("sensors", "web.nav.sensors", "eye", verb="sensors.see"),
    Entry("people", "web.nav.people", "people", verb="people.see"),
    Entry("places", "web.nav.places", "place", public=True, without="case.see"),
    Entry("appointments", "web.nav.appointments", "badge", verb="appoint"),
    Entry("scenarios", "web.nav.scenarios", "leaf", verb="activate"),
    Entry("me", "web.nav.me", "person"),
)


def entries(request: Request) -> tuple[Entry, ...]:
    """The ways that are open to the reader of this page."""
    if not request.user.is_authenticated:
        return tuple(entry for entry in ENTRIES if entry.public)
    held = {verb for entry in ENTRIES for verb in (entry.verb, entry.without) if verb and request.access.places(verb)}
    return tuple(one for one in ENTRIES if (not one.verb or one.verb in held) and one.without not in held)

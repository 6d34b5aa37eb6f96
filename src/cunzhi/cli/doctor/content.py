"""Looks at what the installation holds: books, sealed data, scenarios, the calendar."""

from collections.abc import Iterator
from datetime import date, timedelta

from cunzhi.base import clock
from cunzhi.base.calendar import is_working_day
from cunzhi.base.errors import Refused
from cunzhi.cli.doctor.finding import Finding, doubt, good, wrong

AHEAD = timedelta(days=21)  # the State Council publishes a year's days off in the November before it


def sealed() -> Iterator[Finding]:
    """The keys at hand open what is in the database."""
    from cunzhi.registry.models import Person
    from cunzhi.registry.vault import vault

    texts = Person.objects.exclude(phone_sealed="").values_list("phone_sealed", flat=True)[:1]
    try:
        opened = [vault().open(text) for text in texts]
    except Refused:
        yield wrong("sealed_shut")
        return
    yield good("sealed" if opened else "sealed_none")


def scenarios() -> Iterator[Finding]:
    """Every scenario's folder reads and keeps its promises."""
    from cunzhi.engine.folder import look_through
    from cunzhi.engine.loader import folders
    from cunzhi.lake.scenario import problems_in

    for slug, folder in folders().items():
        scenario, problems = look_through(slug, folder)
        problems += problems_in(scenario) if scenario else []
        if problems:
            yield wrong("scenario_bad", slug=slug, count=len(problems), first=problems[0])
    yield good("scenarios", count=len(folders()))


def calendar() -> Iterator[Finding]:
    """Deadlines count published working days; without them they are only reckoned."""
    until = clock.today() + AHEAD
    years = sorted({clock.today().year, until.year})
    missing = [year for year in years if is_working_day(date(year, 12, 31)).source != "published"]
    yield doubt("calendar", years=", ".join(map(str, missing))) if missing else good("calendar_known", until=years[-1])


def books() -> Iterator[Finding]:
    """The books are what they must be, by their own rows and by the journal; the first fault is named."""
    from cunzhi.cli.words import language
    from cunzhi.ledger.audit import check_books
    from cunzhi.ledger.models import Account

    faults = check_books()
    if faults:
        yield wrong("books_wrong", count=len(faults), first=faults[0].say(language()))
    else:
        yield good("books", count=Account.objects.count())

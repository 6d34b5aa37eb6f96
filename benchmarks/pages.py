"""Pages a second with a million cases in the table, against an empty view and Wagtail's starter page in the same run.

    .venv/bin/python benchmarks/pages.py [--cases 1000000] [--postgres URL] [--wagtail PYTHON]

Each application is called in one thread of one process, without a network between, so the figures are what the pages
themselves cost. The empty view stands behind the same middleware. Villager and appraiser are signed in. Queries are
counted with 1 and with 30 open cases. Everything in the database is made up.
"""

import argparse
import os
import subprocess
from itertools import count
from pathlib import Path

from case_life import Stage, fill, lift_limits, pictures
from scratch import installed
from wsgi_rate import call, rate

HERE = Path(__file__).parent
OPEN = 30


def sign_in(person_id: int) -> str:
    """The cookie of somebody who signed in."""
    from django.conf import settings
    from django.test import Client

    from cunzhi.base.actor import system
    from cunzhi.registry.actions.accounts import make_account
    from cunzhi.registry.models import Person

    account = make_account(person=Person.objects.get(pk=person_id), phone=f"144{person_id:08}", by=system("test"))
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def open_cases(stage: Stage, wanted: int, numbers: count) -> None:
    """Reports that wait for the appraiser of the first village."""
    from cunzhi.base import clock
    from cunzhi.engine.actions.cases import open_case

    code, cast = stage.villages[0]
    for _ in range(wanted):
        photos = pictures(code, cast["villager"].person_id, numbers)
        answers = {"deed": "clean_yard", "done_on": clock.today().isoformat(), "photos": photos}
        open_case(by=cast["villager"], scenario="points", workflow="deed", place_code=code, answers=answers)


def queries(application: object, path: str, cookie: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    call(application, path, cookie)
    with CaptureQueriesContext(connection) as seen:
        call(application, path, cookie)
    return len(seen)


def measure(url: str, cases: int, wagtail: str) -> None:
    with installed(url, "pages") as vendor:
        from django.conf import settings

        settings.ROOT_URLCONF = "pages_urls"
        from cunzhi.config.wsgi import application

        stage, numbers = Stage(), count(1)
        lift_limits()
        cast = stage.villages[0][1]
        asked = (
            ("village home", "/village/", sign_in(cast["villager"].person_id)),
            ("inbox", "/inbox/", sign_in(cast["appraiser"].person_id)),
            ("front page, signed out", "/", ""),
        )
        open_cases(stage, 1, numbers)
        few = [queries(application, path, cookie) for _, path, cookie in asked]
        open_cases(stage, OPEN - 1, numbers)
        fill(stage, cases)
        empty = rate(application, "/empty/")
        peer = wagtail_rate(wagtail)
        print(
            f"\n{vendor}, {cases:,} cases: empty view {empty:,.0f}/s, Wagtail's starter page {peer or 'not measured'}"
        )
        for (name, path, cookie), before in zip(asked, few, strict=True):
            empty = rate(application, "/empty/")  # again beside each page: the machine may have other work
            page, after = rate(application, path, cookie), queries(application, path, cookie)
            against = f"{page / peer:6.2f} of Wagtail" if peer else ""
            print(f"{name:24} {page:8.0f}/s {page / empty:6.2f} of empty {against}  queries {before} -> {after}")


def wagtail_rate(python: str) -> float:
    if not python:
        return 0.0
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("CUNZHI", "DJANGO", "DATABASE"))}
    said = subprocess.run([python, HERE / "wagtail_peer.py"], capture_output=True, text=True, check=True, env=clean)
    return round(float(said.stdout.split()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--postgres", default=os.environ.get("DATABASE_URL", ""))
    parser.add_argument("--wagtail", default="", help="a Python that has wagtail installed")
    given = parser.parse_args()
    for url in filter(None, ("sqlite", given.postgres)):
        if os.fork() == 0:
            measure("" if url == "sqlite" else url, given.cases, given.wagtail)
            os._exit(0)
        os.wait()


if __name__ == "__main__":
    main()

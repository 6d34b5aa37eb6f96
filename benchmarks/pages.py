"""Pages a second with a million cases in the table, against an empty view and Wagtail's starter page in the same run.

    .venv/bin/python benchmarks/pages.py [--cases 1000000] [--postgres URL] [--wagtail PYTHON]

As installed: two processes of granian answer wrk (sixteen connections) over loopback; client, server and database share
the machine. The empty view stands behind the same middleware. Villager and appraiser are signed in and send the cookies
that their browsers would. Queries are counted with 1 and with 30 open cases. Everything in the database is made up.
"""

import os
import subprocess
import sys
from itertools import count
from pathlib import Path

from case_life import Stage, fill, lift_limits, pictures
from scratch import arguments, installed, on_each
from served import rate, served

HERE = Path(__file__).parent
OPEN = 30


def sign_in(person_id: int) -> str:
    """The cookies of somebody who signed in: whose session it is, and what shows forms to be ours."""
    from django.conf import settings
    from django.test import Client

    from cunzhi.base.actor import system
    from cunzhi.registry.actions.accounts import make_account
    from cunzhi.registry.models import Person

    account = make_account(person=Person.objects.get(pk=person_id), phone=f"144{person_id:08}", by=system("test"))
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/village/")
    names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
    return "; ".join(f"{name}={client.cookies[name].value}" for name in names)


def open_cases(stage: Stage, wanted: int, numbers: count) -> None:
    """Reports that wait for the appraiser of the first village."""
    from cunzhi.base import clock
    from cunzhi.engine.actions.cases import open_case

    code, cast = stage.villages[0]
    for _ in range(wanted):
        photos = pictures(code, cast["villager"].person_id, numbers)
        answers = {"deed": "clean_yard", "done_on": clock.today().isoformat(), "photos": photos}
        open_case(by=cast["villager"], scenario="points", workflow="deed", place_code=code, answers=answers)


def queries(path: str, cookie: str) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"cookie": cookie})
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        client.get(path)
    return len(seen)


def measure(url: str, cases: int, wagtail: str) -> None:
    with installed(url, "pages") as vendor:
        from django.conf import settings
        from django.db import connections

        settings.ALLOWED_HOSTS = ["*"]
        stage, numbers = Stage(), count(1)
        lift_limits()
        cast = stage.villages[0][1]
        asked = (
            ("village home", "/village/", sign_in(cast["villager"].person_id)),
            ("inbox", "/inbox/", sign_in(cast["appraiser"].person_id)),
            ("front page, signed out", "/", ""),
        )
        open_cases(stage, 1, numbers)
        few = [queries(path, cookie) for _, path, cookie in asked]
        open_cases(stage, OPEN - 1, numbers)
        fill(stage, cases)
        many = [queries(path, cookie) for _, path, cookie in asked]
        connections.close_all()
        peer = wagtail_rate(wagtail)
        print(f"\n{vendor}, {cases:,} cases; Wagtail's starter page: {f'{peer:,.0f}/s' if peer else 'not measured'}")
        ours = {"python": sys.executable, "environment": os.environ, "folder": HERE}
        with served("pages_served:application", **ours) as address:
            for (name, path, cookie), before, after in zip(asked, few, many, strict=True):
                empty = rate(f"{address}/empty/")  # again beside each page: the machine may have other work
                page = rate(address + path, cookie)
                against = f"{page / peer:6.2f} of Wagtail" if peer else ""
                print(
                    f"{name:24} {page:7,.0f}/s {page / empty:6.2f} of empty ({empty:,.0f}/s) {against}"
                    f"  queries {before} -> {after}"
                )


def wagtail_rate(python: str) -> float:
    if not python:
        return 0.0
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("CUNZHI", "DJANGO", "DATABASE"))}
    said = subprocess.run([python, HERE / "wagtail_peer.py"], capture_output=True, text=True, check=True, env=clean)
    return float(said.stdout.split()[-1])


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--wagtail", default="", help="a Python that has wagtail installed")
    given = parser.parse_args()
    on_each(given.postgres, lambda url: measure(url, given.cases, given.wagtail))


if __name__ == "__main__":
    main()

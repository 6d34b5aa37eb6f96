"""Every address of the platform, as every role of another county and as a visitor: nothing is seen, nothing is done.

The addresses are those of the resolver, so a new page is walked as soon as it is there. It fails here until its address
can be filled in, somebody of the right place gets through, and nobody of another does.
"""

import hashlib
import logging
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from matrix_calls import NO_SUCH_METHOD, Route, address, ask, fillings, refused, routes, said
from matrix_world import NEXT_DOOR, VISITOR, Somebody, World, build

from cunzhi.base import clock

METHODS = ("GET", "POST")
BROKEN = 500
LIKELY = "visitor appraiser villager county_officer administrator village_cadre"
"""Who is tried first when somebody of the place should get through: the last."""
PUBLIC = {
    "": "the front page",
    "language/": "a switch on the visitor's own phone",
    "care/": "a switch on the visitor's own phone",
    "accessibility/": "a statement",
    "privacy/": "a statement",
    "places/": "names of places are no secret",
    "places/<str:code>/": "so are they; notices there are made public, with names masked",
    "places/<str:code>/fires/": "how many fires satellites saw, without points",
    "places/<str:code>/ecology/": "what is measured and said to be public",
    "places/<str:code>/ecology/<int:stream_id>/": "the same, one of them",
    "topics/<int:topic_id>/ballot/": "whoever holds a sheet votes without a sign-in",
    "topics/<int:topic_id>/receipt/": "a ballot is there or is not; how it was cast is not told",
    "topics/<int:topic_id>/result/": "a vote's result is for everybody, with names masked",
    "topics/<int:topic_id>/result/ballots.csv": "everybody may count again; no names",
    "log/": "everybody may check us",
    "log/checkpoint": "the same, for programs",
    "log/policy": "the same",
    "log/tile/<path:rest>": "the same",
    "log/proof/<int:leaf>.tlog-proof": "the same",
    "log/entry/<int:leaf>/": "public acts in plain, all others as a hash",
    "log/sheet/": "for the notice board",
    "log/sheet/<str:month>/": "for the notice board",
    "log/verify/": "what somebody holds in their hands against the log",
    "log/verify/<digest:digest>/": "the same",
    "witness/add-checkpoint": "other deployments ask us to witness; what counts is their signature",
    "witness/<digest:origin_hash>/checkpoint": "what was witnessed is no secret",
    "board/<str:code>/": "what a village makes public",
    "board/<str:code>/feed.atom": "the same for programs",
    "board/<str:code>/door/": "the same as a square picture",
    "board/<str:code>/accounts/": "its accounts, once they are public",
    "board/<str:code>/accounts/<str:period>/": "a month of them",
    "notices/<int:notice_id>/": "one thing that was made public",
    "notices/<int:notice_id>/content.json": "the bytes of it that can be verified",
    "notices/<int:notice_id>/files/<int:file_id>/": "a file that was made public with it",
    "map/": "of what is public elsewhere; alarms, and sensors that are not public, only where one serves",
    "warnings/": "what is in force is for everybody",
    "warnings/feed.atom": "the same for programs",
    "warnings/at/<str:code>/": "the same of one place",
    "warnings/<int:warned_id>/": "one warning; nobody's data stand in it",
    "warnings/<int:warned_id>/cap.xml": "the message itself",
    "shelters/at/<str:code>/": "where to shelter is for everybody; nobody's data stand in it",
    "healthz": "says that the server is well",
    "offline/": "what a browser keeps for when the network is gone",
    "service-worker.js": "the script that shows it",
    "manifest.webmanifest": "what a phone needs for its home screen",
    "sign-in/": "one comes in here",
    "sign-in/code/": "one comes in here",
    "sign-in/password/": "one comes in here",
    "sign-out/": "one goes out here",
    "api/v1/openapi.json": "what the API can do is no secret",
    "api/v1/docs": "the same, to read",
    "open311/(v2/)?discovery": "Open311 is read by everybody",
    "open311/v2/services": "what can be reported is no secret",
    "open311/v2/services?/<code>": "what can be reported is no secret",
    "open311/v2/requests": "what was reported, without names, texts and pictures",
    "open311/v2/requests/<number>": "what was reported, without names, texts and pictures",
    "sensorthings/v1.1": "what of the standard is served is no secret",
    "sensorthings/v1.1/": "the same",
}
NUMBERED = {"open311/v2/requests", "open311/v2/requests/<number>"}
"""Where the numbers of problem reports stand in public, as the standard has it."""
OWN = {
    "language/": "the reader's own language",
    "care/": "the reader's own type size",
    "me/password/": "the reader's own password",
    "me/sessions/end/": "the reader's own sign-ins",
    "sign-out/": "the reader's own session",
    "sign-in/": "a code to a phone; the answer is the same whether it is known or not",
    "sign-in/password/": "a wrong password is counted against guessing",
    "me/tokens/": "a program of the reader's own",
    "messages/read/": "the reader's own messages",
    "topics/<int:topic_id>/ballot/": "the sheet that one holds",
    "help/end/": "the reader's own helping",
    "report/<slug:scenario>/<slug:workflow>/": "a matter where the reader lives; another place is refused",
    "shop/new/": "the shop that the reader keeps; another one cannot be named",
    "pot/": "the pot of the reader's village; another one cannot be named",
    "api/v1/messages/read": "the caller's own messages",
    "board/<str:code>/subscribe/": "what the reader wants to be told; everybody may hear what is public",
    "api/v1/files": "a file that only the sender sees until a case takes it",
    "api/v1/pictures": "a picture that only the sender sees until a case takes it",
}
"""Where a POST from elsewhere may change something: what is the reader's own, or lies where they are at home."""
NEXT_DOOR_TOO = {
    "api/v1/cases": "a broken lamp may be reported from anywhere below the place where the scenario is on",
    "open311/v2/requests": "the same",
}
"""Where somebody of the neighbouring village may do what nobody of another county may."""
NOTHING = {
    ("GET", "api/<rest>"): "says that there is no such address",
    ("POST", "api/<rest>"): "says that there is no such address",
    ("GET", "open311/<rest>"): "says that there is no such address",
    ("POST", "open311/<rest>"): "says that there is no such address",
    ("GET", "open311/v2/tokens/<token_id>"): "every report has its number at once, so no token is known",
    ("GET", "api/v1/"): "the root holds nothing",
    ("POST", "api/v1/"): "the root holds nothing",
    ("GET", "emergencies/<int:emergency_id>/shelters/<int:shelter_id>/come/"): "opens with the code of the sheet alone",
    ("POST", "sign-in/password/"): "a wrong password is sent here",
    ("POST", "witness/add-checkpoint"): "only what the key of a known log signed gets through",
}
"""Where nobody gets through, and why."""
NOT_WATCHED = ("web_session", "web_signincode", "axes_", "django_")
"""Sessions, and what is counted against guessing."""
WATCHED = {"api_apitoken": "id, revoked_at"}
"""Where only some columns matter: a token also notes its last use."""


def rows() -> str:
    """A hash of every row of every table that the test watches."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(model._meta.db_table for model in apps.get_models()):
            if table.startswith(NOT_WATCHED):
                continue
            cursor.execute(f"SELECT {WATCHED.get(table, '*')} FROM {table} ORDER BY 1")
            digest.update(repr((table, cursor.fetchall())).encode())
    return digest.hexdigest()


def written() -> int:
    """How many rows were written so far, whatever became of it. Without a new one no row can have changed."""
    if connection.vendor == "sqlite":
        return int(connection.connection.total_changes)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables")
        return int(cursor.fetchone()[0])


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """Everything on a working Monday in March 2026."""
    logging.disable(logging.CRITICAL)  # thousands of refusals, each of which would be logged
    try:
        with clock.at(clock.datetime.fromisoformat("2026-03-02T09:00:00+08:00")):
            built = build()
            built.rows = rows()
            yield built
    finally:
        logging.disable(logging.NOTSET)


class Undone(Exception):
    """Ends the transaction of one request, so that each meets the same world."""


def undone(who: Somebody, method: str, route: Route, filled: dict[str, Any], world: World) -> tuple[Any, str, bool]:
    """One request whose traces are wiped away: the answer, what it sent, and whether it changed anything."""
    try:
        with transaction.atomic():
            before = written()
            answer, sent = ask(who, method, route, filled, world)
            text = said(answer)
            changed = method == "POST" and written() != before and rows() != world.rows
            raise Undone
    except Undone:
        return (answer, text), sent, changed


def test_exceptions_are_still_there() -> None:
    known = {route.name for route in routes()}
    assert (
        PUBLIC.keys() | OWN.keys() | NEXT_DOOR_TOO.keys() | {name for _, name in NOTHING} | NUMBERED
    ) - known == set()


def may_answer(who: Somebody, route: Route) -> bool:
    """Whether a page may open at all: public ones, and those that show only what is the reader's own."""
    return route.name in PUBLIC or (who.name != VISITOR and not route.names_a_record)


def may_change(who: Somebody, route: Route) -> bool:
    """Whether something of the reader's own may change; a visitor has nothing but a sign-in to begin."""
    if who.name == NEXT_DOOR and route.name in NEXT_DOOR_TOO:
        return True
    return route.name in OWN and (who.name != VISITOR or route.name in PUBLIC)


def problems(who: Somebody, route: Route, answer: Any, told: set[str], *, changed: bool) -> list[str]:
    """What one answer to somebody from elsewhere does wrong."""
    found = [f"tells {sorted(told)}"] if told else []
    if changed and not may_change(who, route):
        found.append("changes something")
    if not may_answer(who, route) and not refused(answer):
        found.append("lets in")
    if answer.status_code >= BROKEN:
        found.append("breaks")
    return found


def test_nobody_from_elsewhere_sees_or_changes_anything(world: World) -> None:
    wrong, absent = [], set()
    for who, route, method in product(reversed(world.there.values()), routes(), METHODS):
        for filled in fillings(route, world):
            if (method, route.name) in absent:
                continue
            (answer, text), sent, changed = undone(who, method, route, filled, world)
            if answer.status_code == NO_SUCH_METHOD:
                absent.add((method, route.name))
            told = set(world.leaks(text, sent)) - set(world.numbers if route.name in NUMBERED else ())
            found = problems(who, route, answer, told, changed=changed)
            where = f"{method} {address(route, filled)} as {who.name}: {answer.status_code}"
            wrong += [f"{where} {problem}" for problem in found]
    assert not wrong, "\n".join(wrong)


def test_somebody_of_the_place_gets_through_everywhere(world: World) -> None:
    """Without this the test above would pass by everything failing, or by looking for what no page ever shows."""
    wrong, seen = [], set()
    for route, method in product(routes(), METHODS):
        if (method, route.name) in NOTHING:
            continue
        for filled in fillings(route, world):
            codes = []
            for who in sorted(world.here.values(), key=lambda one: LIKELY.find(one.name), reverse=True):
                (answer, text), sent, _ = undone(who, method, route, filled, world)
                seen |= set(world.leaks(text, sent))
                codes.append(answer.status_code)
                if answer.status_code == NO_SUCH_METHOD or not refused(answer):
                    break
            else:
                wrong.append(f"{method} {address(route, filled)}: {codes}")
    assert not wrong, "\n".join(wrong)
    assert world.words - seen == set()

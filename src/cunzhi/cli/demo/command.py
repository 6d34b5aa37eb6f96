"""cunzhi demo: a simulated county to look around in."""

import json
from pathlib import Path

import click

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.base.home import home
from cunzhi.cli.installation import bring_up_to_date, reach, set_up
from cunzhi.cli.words import language, tell, words

COUNTY = "500113"
VILLAGES = 8
STEPS = 1000


@click.command("demo")
@click.option("--county", default=COUNTY, show_default=True, help="Six figures of a county of Chongqing.")
@click.option(
    "--villages", default=VILLAGES, show_default=True, type=click.IntRange(1, 400), help="With people in them."
)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same county.")
@click.option("--places-only", is_flag=True, help="Only load the places, all of Chongqing, without people.")
def command(county: str, villages: int, seed: int, places_only: bool) -> None:
    """Build a county with its real divisions, and simulated people and doings over twelve months."""
    set_up()
    reach()
    clear_broken_build()
    bring_up_to_date()
    if places_only:
        load_all_places()
    else:
        build_demo(county, villages, seed)


def load_all_places() -> None:
    from cunzhi.base.actor import system
    from cunzhi.registry.actions.places import load_places

    loaded = load_places(by=system("cli"))
    tell("demo.places", places=loaded.places, links=loaded.links)


def build_demo(county: str = COUNTY, villages: int = VILLAGES, seed: int = 1) -> None:
    """Build it with a bar of progress, and say who can sign in as what."""
    from cunzhi.cli.demo.build import build

    tell("demo.begin", county=county, villages=villages)
    started = clock.now()
    note = broken_note()
    note.write_text(f"{county} {villages} {seed}\n", encoding="utf-8")
    with click.progressbar(length=STEPS, label=words("demo.building"), show_pos=False) as bar:
        built = build(county=county, villages=villages, seed=seed, progress=lambda _, done: move_to(bar, done))
        move_to(bar, 1.0)
    note.unlink()
    seconds = round((clock.now() - started).total_seconds())
    tell(
        "demo.done",
        county=built.county,
        villages=built.villages,
        people=built.people,
        cases=built.cases,
        seconds=seconds,
    )
    tell_accounts()


def move_to(bar: "click._termui_impl.ProgressBar[int]", done: float) -> None:
    bar.update(int(done * STEPS) - bar.pos)


def tell_accounts() -> None:
    """Who can sign in as what; nothing where people are real."""
    from cunzhi.registry.roles import roles

    note = home() / "demo.json"
    if not note.exists():
        return
    tell("demo.accounts")
    for one in json.loads(note.read_text(encoding="utf-8"))["accounts"]:
        role = roles()[one["role"]].title.in_(language()) if one["role"] in roles() else words("demo.villager")
        click.echo(f"  {one['phone']}  {one['password']}  {role} ({one['name']})")


def broken_note() -> Path:
    return home() / "demo.building"


def clear_broken_build() -> None:
    """A build that was killed left half a county: on SQLite it is removed and begun again, elsewhere refused."""
    from django.conf import settings
    from django.db import connection

    if not broken_note().exists():
        return
    if connection.vendor != "sqlite":
        raise Refused("cli.demo.broken", note=broken_note())
    connection.close()
    name = str(settings.DATABASES["default"]["NAME"])
    for suffix in ("", "-wal", "-shm"):
        Path(name + suffix).unlink(missing_ok=True)
    broken_note().unlink()
    tell("demo.again")

"""cunzhi appoint: somebody gets an office and a sign-in, where nobody is there yet who could give it on the pages."""

import click

from cunzhi.cli.installation import ready
from cunzhi.cli.words import language, tell


@click.command("appoint")
@click.argument("role")
@click.option("--place", required=True, help="Code of the place where the office is held.")
@click.option("--name", required=True, help="The person's name.")
@click.option("--phone", required=True, help="The phone that signs in.")
@click.option("--basis", required=True, help="The meeting or document that decided it.")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for when left out.")
def command(role: str, place: str, name: str, phone: str, basis: str, password: str) -> None:
    """Give somebody an office (administrator, township_officer, village_cadre ...) and a sign-in.

    Somebody who is registered with this phone and name keeps the sign-in they have; anybody else is registered first.
    """
    ready()
    from cunzhi.base.actor import system
    from cunzhi.registry.actions.seating import seat
    from cunzhi.registry.roles import roles

    seat(name=name, phone=phone, password=password, role=role, place_code=place, basis=basis, by=system("cli"))
    tell("appoint.done", name=name, role=roles()[role].title.in_(language()), place=place)

"""cunzhi bands: what Sentinel-2 saw of places, as indices of green and burned land."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cunzhi.base.actor import system
from cunzhi.base.errors import Refused
from cunzhi.cli.installation import ready
from cunzhi.cli.words import tell

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from cunzhi.adapters.bands.port import Scene

SCENE = click.Path(exists=True, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("bands")
@click.argument("scene", type=SCENE)
@click.option("--at", "at", required=True, help="When it was taken, with its zone: 2026-10-29T11:20:00+08:00.")
@click.option(
    "--offset",
    type=int,
    required=True,
    help="What the product adds to reflectances: -1000 since January 2022, 0 before, or where it is taken off.",
)
@click.option("--place", "places", multiple=True, help="Code of a county; its outline is known.")
@click.option("--outlines", type=FILE, help="GeoJSON with outlines of villages, each with its property `code`.")
@click.option("--before", type=SCENE, help="An earlier scene on the same grid: what burned in between.")
@click.option("--simulated", is_flag=True, help="The scene is made up; pages say so.")
def command(
    scene: Path, at: str, offset: int, places: tuple[str, ...], outlines: Path | None, before: Path | None,
    *, simulated: bool,
) -> None:  # fmt: skip
    """Take in bands of Sentinel-2: a folder of GeoTIFF (B04, B8A, B12, SCL) or one .npz of arrays.

    Wholly or not at all; the same again changes nothing. GeoTIFF needs the extra `satellite`.
    """
    ready()
    from cunzhi.perception.actions.scenes import take_scene
    from cunzhi.perception.times import instant

    moment: datetime = instant(at, "--at")
    wanted = _outlines(places, outlines)
    earlier = _scene(before, offset) if before else None
    found = take_scene(
        by=system("cli"), scene=_scene(scene, offset), at=moment, outlines=wanted, before=earlier, source=scene.name,
        simulated=simulated,
    )  # fmt: skip
    for one in found:
        if not one.is_clear:
            tell("bands.not_clear" if one.indices else "bands.outside", place=one.place.name, clear=f"{one.clear:.0%}")
            continue
        told = ", ".join(f"{name.upper()} {what.mean:.3f}" for name, what in one.indices.items() if name != "burned")
        tell("bands.seen", place=one.place.name, told=told, clear=f"{one.clear:.0%}", new=one.new)


def _scene(path: Path, offset: int) -> "Scene":
    from cunzhi.adapters.bands.arrays import read_arrays
    from cunzhi.adapters.bands.geotiff import read_folder

    return read_folder(path, offset=offset) if path.is_dir() else read_arrays(path, offset=offset)


def _outlines(places: tuple[str, ...], file: Path | None) -> "dict[str, BaseGeometry]":
    from cunzhi.perception.queries.outlines import county_outline, read_outlines
    from cunzhi.registry.queries.places import require_place

    given = read_outlines(file.read_bytes()) if file else {}
    for code in places:
        outline = given.get(code) or county_outline(require_place(code, "--place").code)
        if outline is None:
            raise Refused("perception.outline.unknown", code=code)
        given[code] = outline
    if not given:
        raise Refused("perception.outline.none")
    return given

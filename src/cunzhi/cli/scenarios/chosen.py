"""Which scenario folders a command is about: installed ones by their slug, others by their path."""

from pathlib import Path

from cunzhi.base.errors import Refused


def chosen(named: tuple[str, ...]) -> dict[str, Path]:
    """Slug -> folder of those named, or of all that are installed."""
    from cunzhi.engine.loader import folders

    known = folders()
    if not named:
        return dict(sorted(known.items()))
    found = {Path(name).name: Path(name).resolve() for name in named if (Path(name) / "manifest.yaml").is_file()}
    found |= {name: known[name] for name in named if name in known}
    unknown = [name for name in named if name not in known and Path(name).name not in found]
    if unknown:
        raise Refused("cli.scenarios.unknown", slugs=", ".join(unknown), known=", ".join(sorted(known)) or "-")
    return found

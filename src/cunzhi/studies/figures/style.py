"""How every figure looks, and in which letters: a Chinese font when the machine has one."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CHINESE_FONTS: Final = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "SimHei",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Zen Hei",
)
FONT_FILES: Final = ("notosanscjk-regular", "sourcehansanssc-regular", "simhei", "msyh", "pingfang", "wqy-zenhei")
COLOURS: Final = ("#1f4e79", "#c55a11", "#548235", "#7f6000", "#7030a0", "#404040", "#2e75b6", "#a5a5a5")
MARKERS: Final = ("o", "s", "^", "D", "v", "P", "X", "*")
WIDTH, HEIGHT = 6.4, 4.0
DOTS: Final = 200


def chinese_font() -> str | None:
    """The first known Chinese font on this machine; None when figures must speak English."""
    from matplotlib import font_manager  # noqa: PLC0415 -- slow to import, and part of an extra

    def known() -> str | None:
        there = {font.name for font in font_manager.fontManager.ttflist}
        return next((name for name in CHINESE_FONTS if name in there), None)

    if known() is None:
        # matplotlib remembers the fonts of its first run: one that was installed later is looked for once more.
        for path in font_manager.findSystemFonts():
            if Path(path).name.lower().startswith(FONT_FILES):
                font_manager.fontManager.addfont(path)
    return known()


@contextmanager
def styled() -> Iterator[None]:
    """Plain axes, thin lines, fonts that print; the same SVG for the same numbers."""
    import matplotlib as mpl  # noqa: PLC0415 -- slow to import, and part of an extra

    found = chinese_font()
    settings: Any = {
        "font.family": "sans-serif",
        "font.sans-serif": [*([found] if found else []), "DejaVu Sans"],
        "font.size": 9,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.6,
        "axes.unicode_minus": True,
        "svg.hashsalt": "cunzhi",
        "svg.fonttype": "path",
        "figure.constrained_layout.use": True,
    }
    with mpl.rc_context(settings):
        yield


def pictures(figure: "Figure") -> dict[str, bytes]:
    """The figure as SVG and PNG without dates in them."""
    made = {}
    for kind, metadata in (("svg", {"Date": None, "Creator": None}), ("png", {"Software": None})):
        buffer = BytesIO()
        figure.savefig(buffer, format=kind, dpi=DOTS, metadata=metadata)
        made[kind] = buffer.getvalue()
    return made

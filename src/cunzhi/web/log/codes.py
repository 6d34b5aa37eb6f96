"""The square picture on a printed notice: it opens the page that verifies."""

import segno
from django.urls import reverse
from markupsafe import Markup

from cunzhi.web.request import Request


def proof_code(request: Request, public_hash: str) -> Markup:
    """SVG for the macro `proof` of components/proof.html."""
    return code_of(request.build_absolute_uri(reverse("verify_hash", args=[public_hash])))


def code_of(address: str) -> Markup:
    drawn = segno.make(address, error="m", micro=False)
    return Markup(drawn.svg_inline(omitsize=True, border=2, svgclass="qr", lineclass=None))  # noqa: S704  our own

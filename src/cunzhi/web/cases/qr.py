"""The square picture by which a thing is collected: it opens the shop's page with number and code filled in."""

from urllib.parse import urlencode

import segno
from django.urls import reverse

from cunzhi.engine.models import Case
from cunzhi.engine.pickup import code_of
from cunzhi.web.request import Request


def picked_up_with(request: Request, case: Case) -> str:
    """SVG, dark on nothing; the page gives it a light ground."""
    query = urlencode({"number": case.number, "code": code_of(case)})
    address = request.build_absolute_uri(f"{reverse('hand_over')}?{query}")
    return str(
        segno.make(address, error="m", micro=False).svg_inline(omitsize=True, border=2, svgclass="qr", lineclass=None)
    )

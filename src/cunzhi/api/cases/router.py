"""One router for all of cases: Ninja answers an address for several methods only from one."""

from ninja import Router

router = Router(tags=["cases"])

"""The feed of this installation: settings CUNZHI_FIRMS_KEY and CUNZHI_FIRMS_URL."""

from django.conf import settings

from cunzhi.adapters.firms.api import FirmsApi
from cunzhi.adapters.firms.port import FireFeed


def fire_feed() -> FireFeed | None:
    """None without a key: FIRMS gives nothing to strangers."""
    key = str(getattr(settings, "CUNZHI_FIRMS_KEY", ""))
    return FirmsApi(str(settings.CUNZHI_FIRMS_URL), key) if key else None

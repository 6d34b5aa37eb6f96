"""FIRMS over HTTP: one CSV for a product, an area and some days."""

from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

from cunzhi.adapters.firms.port import Answer, Box

TIMEOUT = 60.0
LARGEST = 64 * 1024 * 1024
SAID = 120
MOST_DAYS = 5


class FirmsApi:
    """Asks `{url}/api/area/csv/{key}/{product}/{west,south,east,north}/{days}`."""

    def __init__(self, url: str, key: str, *, timeout: float = TIMEOUT) -> None:
        if not url.startswith(("https://", "http://")):
            raise ValueError(f"CUNZHI_FIRMS_URL needs an address that starts with https://, not {url!r}")
        self._url, self._key, self._timeout = url.rstrip("/"), key, timeout

    def ask(self, product: str, box: Box, days: int) -> Answer:
        area = ",".join(f"{edge:.4f}" for edge in box)
        parts = (quote(self._key, safe=""), quote(product, safe=""), area, str(min(days, MOST_DAYS)))
        request = Request(f"{self._url}/api/area/csv/{'/'.join(parts)}")  # noqa: S310 - checked above
        try:
            with urlopen(request, timeout=self._timeout) as answer:  # noqa: S310 - checked above
                data = answer.read(LARGEST + 1)
                promised = answer.headers.get("Content-Length", "")
        except HTTPError as error:
            return Answer(failure=self._quiet(f"{error.code} {error.read(SAID).decode('utf-8', 'replace')}"))
        except (OSError, HTTPException, ValueError) as error:
            return Answer(failure=self._quiet(f"{type(error).__name__}: {error}"))
        if promised.isdecimal() and len(data) < min(int(promised), LARGEST):
            return Answer(failure=f"{len(data)} of {promised} bytes")
        return Answer(data)

    def _quiet(self, said: str) -> str:
        """One line, without the key."""
        return " ".join(said.replace(self._key, "…").split())[:SAID] if self._key else " ".join(said.split())[:SAID]

"""The little of HTTP that logs, witnesses and auditors need of each other."""

from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

SECONDS = 10.0
LARGEST = 32 * 1024 * 1024


class Unreachable(OSError):
    """Nobody answered, or not in a way that can be used."""


def get(url: str) -> tuple[int, bytes]:
    return _ask(Request(_checked(url), headers={"User-Agent": "cunzhi"}))  # noqa: S310  checked


def post(url: str, body: bytes) -> tuple[int, bytes]:
    kind = {"User-Agent": "cunzhi", "Content-Type": "text/plain; charset=utf-8"}
    return _ask(Request(_checked(url), data=body, headers=kind, method="POST"))  # noqa: S310  checked


def _checked(url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise Unreachable(f"{url!r} is no address of the web")
    return url


def _ask(request: Request) -> tuple[int, bytes]:
    try:
        with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310  checked
            return answer.status, answer.read(LARGEST)
    except HTTPError as error:
        with error:
            return error.code, error.read(LARGEST)
    except (URLError, HTTPException, TimeoutError, OSError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        raise Unreachable(f"{request.full_url}: {reason}") from error

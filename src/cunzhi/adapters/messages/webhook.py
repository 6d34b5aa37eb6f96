"""Messages handed to an SMS gateway over HTTP."""

import json
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from cunzhi.adapters.messages.port import Delivery

TIMEOUT = 10.0
DETAIL = 200


class _NoRedirect(HTTPRedirectHandler):
    """A redirect would carry phone numbers to somewhere that nobody configured."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


class WebhookSender:
    """POSTs `{"to": …, "text": …}`; the header Idempotency-Key lets the gateway drop repeats."""

    def __init__(self, url: str, *, token: str = "", timeout: float = TIMEOUT) -> None:
        if not url.startswith(("https://", "http://")):
            raise ValueError(f"an SMS gateway needs an address that starts with https://, not {url!r}")
        self.url = url
        self.token = token
        self.timeout = timeout

    def send(self, to: str, text: str, *, key: str) -> Delivery:
        body = json.dumps({"to": to, "text": text}, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": key}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = Request(self.url, data=body, headers=headers, method="POST")  # noqa: S310 - checked above
        try:
            with build_opener(_NoRedirect).open(request, timeout=self.timeout) as answer:
                return Delivery(ok=True, detail=_shown(answer.status, answer.read(DETAIL)))
        except HTTPError as error:
            return Delivery(ok=False, detail=_shown(error.code, error.read(DETAIL)))
        except (OSError, HTTPException, ValueError) as error:
            return Delivery(ok=False, detail=f"{type(error).__name__}: {error}")


def _shown(status: int, body: bytes) -> str:
    return f"{status} {body.decode('utf-8', 'replace')}".strip()

"""True, altered or unknown: what somebody holds in their hands against the log."""

import hashlib
import json
import re
from typing import Any

from django import forms
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cunzhi.engine.models import Notice
from cunzhi.engine.queries.published import altered_lately
from cunzhi.journal.actions import public_hash
from cunzhi.web.forms import Form
from cunzhi.web.language import t
from cunzhi.web.log.reading import Found, find
from cunzhi.web.pages import page
from cunzhi.web.request import Request

DIGEST = re.compile(r"[0-9a-f]{64}")


class VerifyForm(Form):
    """A file, a text, or a hash that was worked out elsewhere."""

    file = forms.FileField(label="web.log.file", required=False, allow_empty_file=True)
    text = forms.CharField(label="web.log.text", required=False, max_length=200_000, strip=False, widget=forms.Textarea)
    hash = forms.CharField(label="web.log.hash", required=False, max_length=200)

    def clean_hash(self) -> str:
        digest = re.sub(r"[\s:]", "", self.cleaned_data["hash"]).lower()
        if digest and not DIGEST.fullmatch(digest):
            raise forms.ValidationError(t("web.log.hash_bad"))
        return digest

    def clean(self) -> dict[str, Any]:
        if not self.errors and not any(self.cleaned_data.get(name) for name in ("file", "text", "hash")):
            raise forms.ValidationError(t("web.log.nothing"))
        return self.cleaned_data

    def digests(self) -> list[str]:
        """The hashes that the content may stand under: of its bytes, and of the content that a text of JSON says."""
        if self.cleaned_data["file"]:
            data = b"".join(self.cleaned_data["file"].chunks())
        elif self.cleaned_data["text"]:
            data = self.cleaned_data["text"].replace("\r\n", "\n").encode()
        else:
            return [self.cleaned_data["hash"]]
        return [hashlib.sha256(data).hexdigest(), *_as_json(data)]


def _as_json(data: bytes) -> list[str]:
    try:
        return [public_hash(json.loads(data))]
    except (ValueError, TypeError, RecursionError):
        return []


@csrf_exempt  # nothing is kept or changed; whoever has no cookies may check us too
@require_http_methods(["GET", "POST"])
def verify(request: Request, digest: str = "") -> HttpResponse:
    """With the address of a QR code the expected hash is known; what is sent is compared with it."""
    asked = request.POST if request.method == "POST" else {"hash": request.GET.get("hash", "")}
    sent = request.method == "POST" or bool(asked["hash"])
    form = VerifyForm(asked if sent else None, request.FILES if request.method == "POST" else None)
    expected = find(digest) if digest else None
    verdict, own, found = _judge(form, digest, expected) if sent and form.is_valid() else ("", "", expected)
    if digest and not sent:
        verdict = "known" if expected else "unknown"
    if found is not None and found.state in ("changed", "unproved"):
        verdict = found.state
    elif found is not None and _shown_otherwise(found.told.get("record", "")):
        verdict = "shown_otherwise"
    context: dict[str, Any] = {"form": form, "digest": digest, "own": own or digest, "found": found}
    return page(request, "log/verify.html", status=form.status, verdict=verdict, **context)


def _shown_otherwise(record: str) -> bool:
    """Whether the platform shows a notice otherwise today than it made it public."""
    kind, _, number = record.partition(":")
    notice = Notice.objects.filter(pk=number).first() if kind == "notice" and number.isdecimal() else None
    return notice is not None and bool(altered_lately(notice))


def _judge(form: VerifyForm, digest: str, expected: Found | None) -> tuple[str, str, Found | None]:
    own = form.digests()
    if digest in own:
        return ("same" if expected else "unknown"), digest, expected
    for one in own:
        if found := find(one):
            return ("other" if digest else "same"), one, found
    return ("altered" if expected else "unknown"), own[0], expected

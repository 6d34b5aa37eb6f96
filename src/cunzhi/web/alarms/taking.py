"""CAP messages from outside are taken from a file by those who issue warnings; the county says whose are taken."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from cunzhi.alarms.actions.senders import certify_sender, know_sender
from cunzhi.alarms.cap.certificates import LONGEST, Paper, certificate_of, paper_of
from cunzhi.alarms.cap.reading import LARGEST
from cunzhi.alarms.models import KnownSender
from cunzhi.alarms.queries.alarms import SET
from cunzhi.alarms.queries.senders import senders_for
from cunzhi.alarms.queries.warnings import ISSUE
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.engine.alarming import receive
from cunzhi.registry.queries.places import names_of
from cunzhi.web.alarms.raising import PlaceForm
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.forms import Form, SentFile
from cunzhi.web.language import t
from cunzhi.web.request import Request


class TakeForm(Form):
    """A message as a file, and its checksum if the sender gave one."""

    file = SentFile(most=LARGEST, label="web.warnings.file")
    digest = forms.CharField(label="web.warnings.digest", max_length=80, required=False)


class SenderForm(PlaceForm):
    """Whose messages are taken, and for where."""

    sender = forms.CharField(label="web.warnings.sender", max_length=120)
    name = forms.CharField(label="web.warnings.from", max_length=120)
    basis = forms.CharField(label="web.alarms.basis", max_length=200)
    certificate = forms.CharField(
        label="web.warnings.certificate", max_length=LONGEST, required=False, widget=forms.Textarea
    )


class CertificateForm(Form):
    """Another certificate of a sender, or none, and on what ground."""

    certificate = SenderForm.base_fields["certificate"]
    basis = forms.CharField(label="web.alarms.basis", max_length=200)


@login_required
@require_http_methods(["GET", "POST"])
def take(request: Request) -> HttpResponse:
    """Take a message over; it is public at once."""
    if not request.access.places(ISSUE):
        raise Forbidden("alarms.not_yours_to_set")
    sent = request.method == "POST"
    form = TakeForm(request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid():
        try:
            made = receive(request.actor, form.cleaned_data["file"].read(), form.cleaned_data["digest"])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, t("web.warnings.taken"))
            return redirect("warning", made.pk)
    return matter_page(request, "alarms/take.html", status=form.status, form=form, may_set=_may_set(request))


@login_required
@require_http_methods(["GET", "POST"])
def senders(request: Request) -> HttpResponse:
    """Whose messages are taken."""
    form = SenderForm(request, SET)
    if request.method == "POST" and form.is_valid():
        try:
            know_sender(by=request.actor, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("warning_senders")
    rows = list(senders_for(request.access))
    names = names_of(one.place_code for one in rows)
    lines = [(one, names[one.place_code], paper(one)) for one in rows]
    return matter_page(request, "alarms/senders.html", status=form.status, form=form, rows=lines)


@login_required
@require_http_methods(["GET", "POST"])
def certificate(request: Request, sender_id: int) -> HttpResponse:
    """With which certificate the messages of a sender are verified."""
    held = senders_for(request.access).filter(pk=sender_id).first()
    if held is None:
        raise Http404(sender_id)
    form = CertificateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            certify_sender(by=request.actor, sender=held, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("warning_senders")
    context: dict[str, Any] = {"form": form, "sender": held, "paper": paper(held)}
    return matter_page(request, "alarms/certificate.html", status=form.status, **context)


def paper(sender: KnownSender) -> Paper | None:
    """What is shown of a sender's certificate."""
    return paper_of(certificate_of(sender.certificate)) if sender.certificate else None


def _may_set(request: Request) -> bool:
    return bool(request.access.places(SET))

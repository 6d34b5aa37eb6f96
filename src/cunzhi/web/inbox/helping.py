"""Acting for somebody who sits beside one: find the person, note that they agreed, then use their pages."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cunzhi.base.errors import Forbidden
from cunzhi.registry.queries.people import card, current_people, people
from cunzhi.registry.queries.places import names_of
from cunzhi.web.cases.acting import begin_helping, end_helping
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.forms import Form
from cunzhi.web.language import later, t
from cunzhi.web.paging import paged
from cunzhi.web.request import Request

HOW = ("face", "paper")
LONGEST = 60


class ConsentForm(Form):
    """How the person agreed. The words go onto every step that is taken in their name."""

    how = forms.ChoiceField(
        label="web.inbox.help.how", choices=[(one, later(f"web.inbox.help.hows.{one}")) for one in HOW]
    )
    words = forms.CharField(label="web.inbox.help.words", max_length=LONGEST, required=False)

    def consent(self) -> str:
        """In the helper's language, for it stands in the record as it was said."""
        how = t(f"web.inbox.help.hows.{self.cleaned_data['how']}")
        return f"{how} {self.cleaned_data['words']}".strip()


@login_required
@require_safe
def find(request: Request) -> HttpResponse:
    """Whom I help: nobody is listed before something is asked for."""
    if not request.access.places("case.help"):
        raise Forbidden("web.inbox.help.not_you")
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    found = paged(request, people(request.access, text, verb="case.help").filter(died_on__isnull=True))
    cards = [card(person, request.access) for person in found.rows] if text else []
    names = names_of(one.place_code for one in cards)
    return matter_page(request, "inbox/help.html", text=text, cards=cards, names=names, pager=found)


@login_required
@require_http_methods(["GET", "POST"])
def consent(request: Request, person_id: int) -> HttpResponse:
    """Note how the person agreed, and begin."""
    person = get_object_or_404(current_people().filter(died_on__isnull=True), pk=person_id)
    request.access.require("case.help", person.place_code)
    if person.pk == request.actor.person_id:
        return redirect("report")
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        begin_helping(request, person, form.consent())
        return redirect("report")
    shown, names = card(person, request.access), names_of([person.place_code])
    return matter_page(request, "inbox/consent.html", status=form.status, form=form, card=shown, names=names)


@login_required
@require_POST
def end(request: Request) -> HttpResponse:
    """Back to one's own name."""
    end_helping(request)
    return redirect("home")

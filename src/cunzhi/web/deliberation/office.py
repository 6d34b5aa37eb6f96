"""Ballots at the village office: from paper, by phone, or with a helper's hand, always beside a witness."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from cunzhi.base.errors import Refused
from cunzhi.deliberation.actions.ballots import Office, enter_open, enter_secret
from cunzhi.deliberation.models import Ballot, Topic
from cunzhi.deliberation.queries.phases import takes_ballots
from cunzhi.deliberation.queries.receipts import receipt_text
from cunzhi.deliberation.queries.voters import witnesses
from cunzhi.engine.votes import tell
from cunzhi.registry.models import Person
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.cases.reading import is_id
from cunzhi.web.deliberation.forms import OfficeForm
from cunzhi.web.deliberation.reading import posted, seen
from cunzhi.web.deliberation.voting import close_if_late, options_of
from cunzhi.web.language import t
from cunzhi.web.request import Request

FIELDS = {"number": "voter", "code": "voter"}


@login_required
@require_http_methods(["GET", "POST"])
def enter(request: Request, topic_id: int) -> HttpResponse:
    """Enter one ballot; the receipt goes to the voter, and the witness is told."""
    topic, _ = seen(request, topic_id)
    request.access.require("ballot.enter", topic.place_code)
    form = OfficeForm(posted(request), initial={"way": "paper"})
    form.choose("option", options_of(topic))
    form.choose("witness", [("", t("web.form.choose")), *((str(one.pk), one.name) for one in _others(request, topic))])
    secret = topic.ballot == Topic.Ballot.SECRET
    if secret:
        form.fields["voter"].label = "web.topics.code"
    if request.method == "POST" and form.is_valid():
        try:
            cast = _enter(request, topic, form)
        except Refused as error:
            field = FIELDS.get(error.field, error.field)
            form.add_error(field if field in form.fields else None, error.say(request.language))
            close_if_late(error)
        else:
            messages.success(request, t("web.topics.entered", receipt=receipt_text(cast)))
            return redirect("enter_ballot", topic.pk)
    context = {"topic": topic, "form": form, "secret": secret, "open": takes_ballots(topic)}
    return matter_page(request, "deliberation/enter.html", status=form.status, **context)


def _others(request: Request, topic: Topic) -> list[Person]:
    return [one for one in witnesses(topic) if one.pk != request.actor.person_id]


def _enter(request: Request, topic: Topic, form: OfficeForm) -> Ballot:
    given = form.cleaned_data
    witness = next(one for one in _others(request, topic) if str(one.pk) == given["witness"])
    office = Office(given["way"], witness, given["consent"])
    shared = {"by": request.actor, "topic": topic, "option": given["option"], "office": office}
    with transaction.atomic():
        if topic.ballot == Topic.Ballot.SECRET:
            cast = enter_secret(code=given["voter"], **shared)
        else:
            number = given["voter"].strip()
            cast = enter_open(number=int(number) if is_id(number) else 0, **shared)
        tell([witness.pk], "witness", topic, receipt=receipt_text(cast))
    return cast

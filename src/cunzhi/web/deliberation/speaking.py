"""Speaking on a topic: suggestions, remarks, support, replies; and what is hidden, with its reason and an appeal."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from cunzhi.base.errors import Refused
from cunzhi.deliberation.actions.contributions import appeal, contribute, hide, judge, support
from cunzhi.deliberation.actions.topics import reply
from cunzhi.deliberation.models import Contribution, Hiding
from cunzhi.deliberation.queries.topics import Said, alike
from cunzhi.engine.votes import tell
from cunzhi.registry.access import selves
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.cases.reading import key_in
from cunzhi.web.deliberation.forms import DecideForm, WordsForm
from cunzhi.web.deliberation.reading import posted, seen
from cunzhi.web.forms import Form
from cunzhi.web.language import t
from cunzhi.web.request import Request


@login_required
@require_http_methods(["GET", "POST"])
def suggest(request: Request, topic_id: int) -> HttpResponse:
    """Make a suggestion; what others suggested already in almost the same words is shown before it is sent."""
    topic, acts = seen(request, topic_id)
    form, near = WordsForm(posted(request), label="web.topics.suggestion_field"), list[Said]()

    def act() -> None:
        text, key = form.cleaned_data["text"], f"web:{key_in(request)}"
        contribute(by=acts.actor, topic=topic, kind="suggestion", text=text, consent=acts.consent, key=key)

    if request.method == "POST" and form.is_valid():
        near = [] if request.POST.get("sure") else alike(topic, form.cleaned_data["text"])
    if not near and _done(request, form, act, "web.topics.suggested"):
        return redirect("topic", topic.pk)
    context = {"topic": topic, "form": form, "near": near, "key": key_in(request)}
    return matter_page(request, "deliberation/suggest.html", status=form.status, **context)


@login_required
@require_POST
def remark(request: Request, topic_id: int) -> HttpResponse:
    """Say something in the discussion."""
    topic, acts = seen(request, topic_id)
    form = WordsForm(request.POST, label="web.topics.remark_field")

    def act() -> None:
        text, key = form.cleaned_data["text"], f"web:{key_in(request)}"
        contribute(by=acts.actor, topic=topic, kind="remark", text=text, consent=acts.consent, key=key)

    if _done(request, form, act, "web.topics.remarked"):
        return redirect(f"/topics/{topic.pk}/?show=remark")
    return _form(request, form, "web.topics.remark_title", topic.title, topic.pk)


@login_required
@require_POST
def give_support(request: Request, said_id: int) -> HttpResponse:
    """Support a suggestion."""
    said = _said(request, said_id)
    _, acts = seen(request, said.topic_id)
    support(by=acts.actor, suggestion=said, consent=acts.consent)
    messages.success(request, t("web.topics.supported"))
    return redirect("topic", said.topic_id)


@login_required
@require_http_methods(["GET", "POST"])
def give_reply(request: Request, said_id: int) -> HttpResponse:
    """The committee answers one suggestion."""
    said = _said(request, said_id)
    request.access.require("topic.answer", said.topic.place_code)
    form = WordsForm(posted(request), label="web.topics.reply_field")

    def act() -> None:
        done = reply(by=request.actor, suggestion=said, words=form.cleaned_data["text"])
        tell([said.author_id], "replied", said.topic, reply=done.reply)

    if _done(request, form, act, "web.topics.replied"):
        return redirect("topic", said.topic_id)
    return _form(request, form, "web.topics.reply_title", said.text, said.topic_id)


@login_required
@require_http_methods(["GET", "POST"])
def hide_text(request: Request, said_id: int) -> HttpResponse:
    """Hide what may not be said in public; the reason is shown in its place and told to the author."""
    said = _said(request, said_id)
    request.access.require("topic.moderate", said.topic.place_code)
    form = WordsForm(posted(request), label="web.topics.reason")

    def act() -> None:
        done = hide(by=request.actor, contribution=said, reason=form.cleaned_data["text"])
        tell([said.author_id], "hidden", said.topic, reason=done.reason)

    if _done(request, form, act, "web.topics.was_hidden"):
        return redirect(f"/topics/{said.topic_id}/?show={said.kind}")
    return _form(request, form, "web.topics.hide_title", said.text, said.topic_id, hint="web.topics.hints.hide")


@login_required
@require_http_methods(["GET", "POST"])
def make_appeal(request: Request, hiding_id: int) -> HttpResponse:
    """The author asks the township to look again."""
    hiding = _hiding(request, hiding_id)
    _, acts = seen(request, hiding.contribution.topic_id)
    if not selves(acts.person.pk).filter(pk=hiding.contribution.author_id).exists():
        raise Http404(hiding_id)
    form = WordsForm(posted(request), label="web.topics.appeal_field")

    def act() -> None:
        appeal(by=acts.actor, hiding=hiding, words=form.cleaned_data["text"])

    if _done(request, form, act, "web.topics.appealed"):
        return redirect("topic", hiding.contribution.topic_id)
    about = f"{hiding.contribution.text}\n\n{t('web.topics.hidden_for', reason=hiding.reason)}"
    return _form(request, form, "web.topics.appeal_title", about, hiding.contribution.topic_id)


@login_required
@require_http_methods(["GET", "POST"])
def judge_appeal(request: Request, hiding_id: int) -> HttpResponse:
    """The township decides whether the text is shown again."""
    hiding = _hiding(request, hiding_id)
    topic = hiding.contribution.topic
    request.access.require("topic.judge", topic.place_code)
    form = DecideForm(posted(request))
    form.choose("verdict", [("yes", t("web.topics.verdicts.lift")), ("no", t("web.topics.verdicts.keep"))])

    def act() -> None:
        lift, reason = form.cleaned_data["verdict"] == "yes", form.cleaned_data["text"]
        done = judge(by=request.actor, hiding=hiding, lift=lift, reason=reason)
        tell([hiding.contribution.author_id], "judged", topic, decision=done.decision)

    if _done(request, form, act, "web.topics.judged"):
        return redirect("topics")
    about = "\n\n".join([hiding.contribution.text, t("web.topics.hidden_for", reason=hiding.reason), hiding.appeal])
    return _form(request, form, "web.topics.judge_title", about, topic.pk)


def _done(request: Request, form: Form, act: Callable[[], None], said: str) -> bool:
    """Whether the form was sent and what it asks for was done, all of it or nothing; what a rule said is shown."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        with transaction.atomic():
            act()
    except Refused as error:
        form.refuse(error)
        return False
    messages.success(request, t(said))
    return True


def _said(request: Request, said_id: int) -> Contribution:
    said = get_object_or_404(Contribution.objects.select_related("topic"), pk=said_id)
    seen(request, said.topic_id)
    return said


def _hiding(request: Request, hiding_id: int) -> Hiding:
    hiding = get_object_or_404(Hiding.objects.select_related("contribution__topic"), pk=hiding_id)
    seen(request, hiding.contribution.topic_id)
    return hiding


def _form(request: Request, form: Form, heading: str, about: str, topic_id: int, hint: str = "") -> HttpResponse:
    context = {"form": form, "heading": t(heading), "about": about, "key": key_in(request)}
    hints = {"text": t(hint)} if hint else {}
    back = f"/topics/{topic_id}/"
    return matter_page(request, "deliberation/form.html", status=form.status, hints=hints, back=back, **context)

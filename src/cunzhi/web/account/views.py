"""My own data: what is held, where it came from, who looked; my settings, password and sign-ins."""

from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cunzhi.base import clock
from cunzhi.journal.queries import history
from cunzhi.registry.queries.facts import facts_of
from cunzhi.registry.queries.households import membership_of
from cunzhi.registry.queries.people import card, disclosures
from cunzhi.registry.queries.places import names_of
from cunzhi.web.account.forms import PasswordForm
from cunzhi.web.account.looks import doers, looks
from cunzhi.web.account.passwords import change_password
from cunzhi.web.knowledge import shown
from cunzhi.web.language import t
from cunzhi.web.models import Session
from cunzhi.web.pages import page
from cunzhi.web.request import Request, account_of
from cunzhi.web.sessions import BY_CODE

MOST_ENTRIES = 50


@login_required
@require_safe
def me(request: Request) -> HttpResponse:
    """Everything that is held about the reader, in clear."""
    person = account_of(request).person
    membership = membership_of(person)
    own = list(facts_of(person).values())
    shared = list(facts_of(membership.household).values()) if membership else []
    entries = list(history(person.record).order_by("-id")[:MOST_ENTRIES])
    seen = list(disclosures(person)[:MOST_ENTRIES])
    names = doers([*(entry.actor for entry in entries), *(look.actor for look in seen)])
    return page(
        request,
        "account/me.html",
        card=card(person, request.access),
        place=names_of([person.place_code])[person.place_code],
        membership=membership,
        facts=shown(own, sensitive=True),
        household_facts=shown(shared, sensitive=True),
        looks=looks(seen, names),
        entries=[(entry, names.get(entry.actor, "")) for entry in entries],
        sessions=open_sessions(request),
    )


def open_sessions(request: Request) -> list[Session]:
    """Where the reader is signed in now, the newest first."""
    mine = Session.objects.filter(account=account_of(request), expire_date__gt=clock.now())
    return list(mine.order_by("-begun_at"))


@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "POST"])
def password(request: Request) -> HttpResponse:
    """A new password; all other sign-ins end with the old one."""
    account = account_of(request)
    ask_old = account.has_usable_password() and not request.session.get(BY_CODE)
    form = PasswordForm(request.POST or None, account=account, ask_old=ask_old)
    if request.method == "POST" and form.is_valid():
        if not ask_old or authenticate(request, phone_blind=account.phone_blind, password=form.cleaned_data["old"]):
            change_password(account=account, password=form.cleaned_data["new"], by=request.actor)
            update_session_auth_hash(request, account)
            end_others(request)
            messages.success(request, t("web.me.password_changed"))
            return redirect("me")
        form.add_error("old", t("web.me.old_wrong"))
    return page(request, "account/password.html", status=form.status, form=form)


@login_required
@require_POST
def end_sessions(request: Request) -> HttpResponse:
    """Sign out everywhere but here."""
    end_others(request)
    messages.success(request, t("web.me.sessions_ended"))
    return redirect("me")


def end_others(request: Request) -> None:
    """Every other session of the reader is gone."""
    others = Session.objects.filter(account=account_of(request))
    others.exclude(session_key=request.session.session_key).delete()

"""Coming in and going out: phone and one-time code, or phone and password."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.registry.models import Account
from cunzhi.registry.vault import PHONE, vault
from cunzhi.web.address import address
from cunzhi.web.forms import Form
from cunzhi.web.language import t
from cunzhi.web.pages import page
from cunzhi.web.request import Request
from cunzhi.web.sessions import BEGUN, BY_CODE, DEVICE
from cunzhi.web.sign_in.codes import MINUTES, check_code, send_code
from cunzhi.web.sign_in.forms import CodeForm, PasswordForm, PhoneForm

WAITING = "sign_in_phone"
BACKEND = "django.contrib.auth.backends.ModelBackend"
SHARED_SECONDS = 30 * 60


@require_http_methods(["GET", "POST"])
def by_phone(request: Request) -> HttpResponse:
    """Ask for the phone and send a code to it."""
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            blind = _send(request, form.cleaned_data["phone"])
        except Refused as error:
            form.refuse(error)
        else:
            request.session[WAITING] = blind
            return redirect(f"{reverse('sign_in_code')}?{urlencode({'next': safe_next(request)})}")
    return _form_page(request, "sign_in/phone.html", form)


@require_http_methods(["GET", "POST"])
def by_code(request: Request) -> HttpResponse:
    """Take the code that came to the phone."""
    phone_blind = request.session.get(WAITING)
    if phone_blind is None:
        return redirect("sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = check_code(phone_blind=phone_blind, code=form.cleaned_data["code"])
        if account is not None:
            return _come_in(request, account, shared=form.cleaned_data["shared"], by_code=True)
        form.add_error("code", t("web.sign_in.wrong_code"))
    return _form_page(request, "sign_in/code.html", form, minutes=MINUTES)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def by_password(request: Request) -> HttpResponse:
    """Phone and password; wrong ones of either kind get the same answer."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        blind = vault().blind(form.cleaned_data["phone"], purpose=PHONE)
        account = authenticate(request, phone_blind=blind, password=form.cleaned_data["password"])
        if isinstance(account, Account):
            return _come_in(request, account, shared=form.cleaned_data["shared"], by_code=False)
        form.add_error(None, t("web.sign_in.wrong_password"))
    return _form_page(request, "sign_in/password.html", form)


@require_POST
def leave(request: Request) -> HttpResponse:
    """Sign out here; the language and the type size stay as cookies of this phone."""
    logout(request)
    return redirect("home")


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any]) -> HttpResponse:
    """What django-axes shows after too many wrong passwords."""
    return page(request, "sign_in/locked.html", status=429)  # type: ignore[arg-type]


def _come_in(request: Request, account: Account, *, shared: bool, by_code: bool) -> HttpResponse:
    login(request, account, backend=BACKEND)
    request.session.pop(WAITING, None)
    request.session[DEVICE] = request.headers.get("User-Agent", "")[:200]
    request.session[BY_CODE] = by_code
    request.session[BEGUN] = clock.now().isoformat()
    if shared:
        request.session.set_expiry(SHARED_SECONDS)
    return redirect(safe_next(request))


def _send(request: Request, phone: str) -> str:
    """Send a code; the hash of the phone, to be kept until the code comes back."""
    blind = vault().blind(phone, purpose=PHONE)
    send_code(phone=phone, phone_blind=blind, address=address(request))
    return blind


def _form_page(request: Request, template: str, form: Form, **context: object) -> HttpResponse:
    """The form, empty or with what is wrong in it."""
    return page(request, template, status=form.status, form=form, next=safe_next(request), **context)


def safe_next(request: HttpRequest) -> str:
    """Where the reader wanted to go, if it is a page of ours; otherwise the front page."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else "/"

"""Pages for everybody: front page, switches, statements, and whether the platform is well."""

from django.conf import settings
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from cunzhi.base.messages import LANGUAGES
from cunzhi.registry.queries.places import names_of
from cunzhi.registry.roles import roles
from cunzhi.web.home import cards, waiting
from cunzhi.web.jinja import stamped
from cunzhi.web.language import CARE_COOKIE, t, words
from cunzhi.web.pages import page
from cunzhi.web.request import Request
from cunzhi.web.sign_in.views import safe_next

YEAR = 365 * 24 * 3600


@require_safe
def home(request: Request) -> HttpResponse:
    """What this is, for visitors; what there is to do, for those who are signed in."""
    if not request.user.is_authenticated:
        return page(request, "public/front.html")
    names = names_of({grant.place_code for grant in request.access.grants})
    posts = [f"{words(roles()[grant.role].title)} · {names[grant.place_code]}" for grant in request.access.grants]
    return page(request, "public/home.html", cards=cards(request), posts=posts, waiting=waiting(request))


@require_POST
def set_language(request: Request) -> HttpResponse:
    """Chinese or English, on this phone and in the account."""
    response = redirect(safe_next(request))
    language = request.POST.get("language", "")
    if language not in LANGUAGES:
        return response
    if request.user.is_authenticated:
        request.user.language = language
        request.user.save(update_fields=["language"])
    _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


@require_POST
def set_care(request: Request) -> HttpResponse:
    """Large type and few words, on or off, on this phone and in the account."""
    response = redirect(safe_next(request))
    wanted = request.POST.get("care") == "1"
    if request.user.is_authenticated:
        request.user.care_mode = wanted
        request.user.save(update_fields=["care_mode"])
    _keep(response, CARE_COOKIE, "1" if wanted else "0")
    return response


@require_safe
def accessibility(request: Request) -> HttpResponse:
    return page(request, "public/accessibility.html")


@require_safe
def privacy(request: Request) -> HttpResponse:
    return page(request, "public/privacy.html")


@require_GET
def healthz(request: Request) -> JsonResponse:
    """For whoever watches the server: the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok", "database": connection.vendor})


@require_safe
def manifest(request: Request) -> JsonResponse:
    """What a phone needs to put the platform on its home screen."""
    icon = {"src": stamped("icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any maskable"}
    content = {
        "name": t("web.name.long"),
        "short_name": t("web.name.short"),
        "lang": request.language,
        "start_url": "/",
        "display": "standalone",
        "background_color": "#f7f3ea",
        "theme_color": "#17402f",
        "icons": [icon],
    }
    return JsonResponse(content, content_type="application/manifest+json")


@require_safe
def offline(request: Request) -> HttpResponse:
    """What the browser keeps to show when the network is gone; in both languages, about nobody."""
    return render(request, "layout/offline.html", using="jinja2")


@require_safe
def service_worker(request: Request) -> HttpResponse:
    """The script that shows it; a new name for its store with every change of the style sheet."""
    context = {"version": stamped("cunzhi.css").rpartition("=")[2]}
    return render(request, "public/service-worker.js", context, content_type="text/javascript", using="jinja2")


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax")

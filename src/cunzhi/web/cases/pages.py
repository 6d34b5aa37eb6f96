"""Pages about matters: the shell's page, with whom one is helping at the moment."""

from django.http import Http404, HttpResponse

from cunzhi.base.errors import Forbidden, Refused
from cunzhi.engine.models import Case
from cunzhi.engine.queries.cases import case_by_number
from cunzhi.web.cases.acting import Acting, acting, himself
from cunzhi.web.pages import page
from cunzhi.web.request import Request


def matter_page(request: Request, template: str, *, status: int = 200, **context: object) -> HttpResponse:
    """Fill a template that extends cases/base.html."""
    helped = acting(request) if request.user.is_authenticated else None
    return page(request, template, status=status, helping=helped if helped and helped.helped else None, **context)


def case_and_reader(request: Request, number: str) -> tuple[Case, Acting]:
    """The case, and in whose name the reader acts on it: the helped person's only where the case is theirs.

    Hidden and missing look the same: there is no such page.
    """
    reader = acting(request)
    for one in [reader, himself(request)] if reader.helped else [reader]:
        try:
            case = case_by_number(number, one.access)
        except Forbidden:
            continue
        except Refused as refused:
            raise Http404(number) from refused
        if not one.helped or one.person.pk in (case.subject_id, case.opener_id):
            return case, one
    raise Http404(number)

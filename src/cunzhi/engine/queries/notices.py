"""Reads of notices that have a page of their own."""

from django.db.models import QuerySet

from cunzhi.engine.loader import kept
from cunzhi.engine.models import Notice


def public_notices(place_code: str = "") -> QuerySet[Notice]:
    """Notices with a page, newest first; answers stand beneath what was asked about."""
    found = Notice.objects.filter(about__isnull=True).exclude(title="").order_by("-at", "-id")
    return found.filter(place_code=place_code) if place_code else found


def answers_to(notice: Notice) -> QuerySet[Notice]:
    """What was asked and answered under a notice, oldest first."""
    return notice.answers.order_by("at", "id")


def questionable(notice: Notice) -> tuple[str, str] | None:
    """The scenario and workflow by which a villager may ask about a notice: one that asks for a `notice`."""
    scenario = kept(notice.case.scenario_version)
    for name, flow in scenario.workflows.items():
        form = scenario.forms.get(flow.open.form or "")
        field = form.field("notice") if form else None
        if field and field.choices_from and field.choices_from.lookup == "notices" and "resident" in flow.open.by:
            return scenario.slug, name
    return None

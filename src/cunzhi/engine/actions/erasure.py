"""Erases what a case knew of people when the days that the scenario states are over; that it was stays on record."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.emergencies.actions.arriving import forget as forget_arrivals
from cunzhi.engine.keeping import remove_files
from cunzhi.engine.models import Attachment, Case, Message, Notice, Step
from cunzhi.engine.queries.versions import ever_installed
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.journal.actions import note
from cunzhi.meetings.actions import forget

BATCH = 200


def erase_old(*, by: Actor) -> int:
    """Erase the answers, reasons, pictures and messages of cases closed longer ago than their workflow keeps them.

    What a case made public is there to be read for as long as the scenario says, also when the case is erased earlier.
    """
    erased = 0
    for slug, scenario in ever_installed().items():
        over = clock.now() - timedelta(days=scenario.manifest.days_kept)
        old = Case.objects.filter(_over(scenario), scenario=slug, erased_at__isnull=True).order_by("closed_at")
        for case in old[:BATCH]:
            assert case.closed_at is not None  # noqa: S101  only closed ones are over
            erase(by=by, case=case, public_too=case.closed_at < over)
            erased += 1
        if any(workflow.days_kept for workflow in scenario.workflows.values()):
            _take_down(slug, over)
    return erased


def _over(scenario: Scenario) -> Q:
    """Cases whose days are over: those of the manifest, or the fewer of their own workflow."""
    now = clock.now()
    over = Q(closed_at__lt=now - timedelta(days=scenario.manifest.days_kept))
    for name, workflow in scenario.workflows.items():
        if workflow.days_kept is not None:
            over |= Q(workflow=name, closed_at__lt=now - timedelta(days=workflow.days_kept))
    return over


def _take_down(slug: str, over: datetime) -> None:
    """What erased cases left in public, once its own days are over too."""
    left = Case.objects.filter(scenario=slug, erased_at__isnull=False, closed_at__lt=over, notices__isnull=False)
    for case in left.distinct().order_by("closed_at")[:BATCH]:
        with transaction.atomic():
            _remove(case, public_too=True)


@transaction.atomic
def erase(*, by: Actor, case: Case, public_too: bool = True) -> None:
    """Blank one closed case. Steps are replaced by bare copies, for the database lets nobody rewrite one. Whose matter
    it was stays, for points and counts rest on it; who brought it and worked on it does not."""
    bare = [
        Step(
            pk=step.pk,
            case=case,
            at=step.at,
            transition=step.transition,
            from_state=step.from_state,
            to_state=step.to_state,
            late=step.late,
        )
        for step in case.steps.all()
    ]
    case.steps.all().delete()
    Step.objects.bulk_create(bare)
    _remove(case, public_too=public_too)
    forget(for_record=case.record)
    forget_arrivals(for_record=case.record)
    case.answers, case.opener, case.assignee = {}, None, None
    case.erased_at = clock.now()
    case.save(update_fields=["answers", "opener", "assignee", "erased_at"])
    note(by=by, verb="case.erase", record=case.record, place_code=case.place_code, detail={"number": case.number})


def _remove(case: Case, *, public_too: bool) -> None:
    """The pictures, files, messages and notices of a case, unless they stand on a page for everybody."""
    public = Notice.objects.none() if public_too else case.notices.exclude(public_hash="")
    files = Attachment.objects.filter(case=case).exclude(shown__notice__in=public)
    hashes = list(files.values_list("sha256", flat=True))
    files.delete()
    Message.objects.filter(case=case).delete()
    case.notices.exclude(pk__in=public).delete()
    transaction.on_commit(lambda: remove_files(hashes))

"""Erases what a case knew of people when the days that the scenario states are over; that it was stays on record."""

from datetime import timedelta

from django.db import transaction

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.engine.keeping import remove_files
from cunzhi.engine.models import Attachment, Case, Message, Notice, Step
from cunzhi.engine.queries.versions import ever_installed
from cunzhi.journal.actions import note
from cunzhi.meetings.actions import forget

BATCH = 200


def erase_old(*, by: Actor) -> int:
    """Erase the answers, reasons, pictures and messages of cases closed longer ago than their scenario keeps them."""
    erased = 0
    for slug, scenario in ever_installed().items():
        over = clock.now() - timedelta(days=scenario.manifest.days_kept)
        old = Case.objects.filter(scenario=slug, closed_at__lt=over, erased_at__isnull=True).order_by("closed_at")
        for case in old[:BATCH]:
            erase(by=by, case=case)
            erased += 1
    return erased


@transaction.atomic
def erase(*, by: Actor, case: Case) -> None:
    """Blank one closed case. Steps are replaced by bare copies, for the database lets nobody rewrite one."""
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
    hashes = list(Attachment.objects.filter(case=case).values_list("sha256", flat=True))
    for model in (Attachment, Message, Notice):
        model.objects.filter(case=case).delete()
    forget(for_record=case.record)
    case.answers = {}
    case.erased_at = clock.now()
    case.save(update_fields=["answers", "erased_at"])
    note(by=by, verb="case.erase", record=case.record, place_code=case.place_code, detail={"number": case.number})
    transaction.on_commit(lambda: remove_files(hashes))

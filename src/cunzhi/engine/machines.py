"""Asks machines about a case and keeps what they said. They grant nothing and refuse nothing; a person reads it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from cunzhi.adapters.personal_data import port as personal_data
from cunzhi.adapters.personal_data.local import LocalPersonalDataCheck
from cunzhi.adapters.personal_data.port import Part
from cunzhi.adapters.photo_check import port as photo_check
from cunzhi.adapters.photo_check.local import LocalPhotoCheck
from cunzhi.adapters.photo_check.port import Claim, Earlier, Seen
from cunzhi.base import clock
from cunzhi.engine.keeping import content_of
from cunzhi.engine.loader import kept
from cunzhi.engine.models import Attachment, Case, MachineAnswer
from cunzhi.engine.spec.effect import AskMachine

Found = photo_check.Finding | personal_data.Finding
LOOK_BACK = 5000
"""How many earlier pictures of the village a new one is compared with."""


def ask_machine(case: Case, ask: AskMachine) -> None:
    """Ask a port about a field."""
    PORTS[ask.port](case, ask)


def _keep(case: Case, ask: AskMachine, findings: Iterable[Found], **more: Any) -> None:
    moment = clock.now()
    MachineAnswer.objects.bulk_create(
        MachineAnswer(
            case=case, at=moment, port=ask.port, code=one.code, verdict=one.verdict, detail={**one.params, **more}
        )
        for one in findings
    )


def _photo_check(case: Case, ask: AskMachine) -> None:
    pictures = Attachment.objects.filter(case=case, field=ask.field).exclude(phash="").order_by("id")
    where = next((value for value in case.answers.values() if isinstance(value, dict) and "latitude" in value), {})
    claim = Claim(at=case.opened_at, longitude=where.get("longitude"), latitude=where.get("latitude"))
    for picture in pictures:
        _keep(case, ask, LocalPhotoCheck().look(_seen(picture), claim, _earlier(picture)), picture=picture.pk)


def _seen(picture: Attachment) -> Seen:
    same = ("width", "height", "phash", "phash_mirror", "blur", "taken_at", "longitude", "latitude")
    return Seen(**{name: getattr(picture, name) for name in same})


def _earlier(picture: Attachment) -> list[Earlier]:
    """Pictures of other cases; several pictures of one deed may well look alike."""
    before = Attachment.objects.filter(place_code=picture.place_code, id__lt=picture.pk, case__isnull=False)
    others = before.exclude(case=picture.case).exclude(phash="")
    rows = others.order_by("-id").values_list("case__number", "phash", "phash_mirror")[:LOOK_BACK]
    return [Earlier(*row) for row in rows]


def _personal_data(case: Case, ask: AskMachine) -> None:
    """All texts of the case and the files of the field, looked through for numbers of people."""
    _keep(case, ask, LocalPersonalDataCheck().look([*_texts(case), *_files(case, ask.field)]))


def _texts(case: Case) -> Iterator[Part]:
    for form in kept(case.scenario_version).forms.values():
        for field in form.fields:
            if field.type == "text" and case.answers.get(field.name):
                yield Part(field.label.zh_Hans, str(case.answers[field.name]))


def _files(case: Case, field: str) -> Iterator[Part]:
    wanted = case.answers.get(field) or []
    for one in Attachment.objects.filter(case=case, pk__in=wanted).order_by("id"):
        yield Part(f"{one.name}.{one.kind}", content_of(one))


PORTS: dict[str, Callable[[Case, AskMachine], None]] = {
    "photo_check": _photo_check,
    "personal_data": _personal_data,
}

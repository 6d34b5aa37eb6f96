"""Pictures: sent before the case or step that names them, and shown to whoever may see the case."""

from hashlib import sha256

from django.core.files.storage import default_storage
from django.http import HttpResponse
from ninja import File, Form, Status
from ninja.files import UploadedFile

from cunzhi.adapters.pictures.port import DEFAULT_LIMITS
from cunzhi.api.auth import ApiRequest, Caller
from cunzhi.api.cases.finding import found_case
from cunzhi.api.cases.router import router
from cunzhi.api.cases.schemas import PictureTold
from cunzhi.api.cases.telling import picture
from cunzhi.api.errors import NotThere
from cunzhi.api.kinds import CaseNumber, Name, VillageCode
from cunzhi.api.problems import PROBLEMS
from cunzhi.base.actor import ACT, OWN
from cunzhi.engine.actions.pictures import keep_picture
from cunzhi.engine.keeping import paths
from cunzhi.engine.models import Attachment
from cunzhi.engine.queries.cases import sent_with
from cunzhi.registry.queries.places import require_place

JPEG = {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}


@router.post("/pictures", response={201: PictureTold, **PROBLEMS}, operation_id="upload_picture")
def upload_picture(
    request: ApiRequest, file: File[UploadedFile], field: Form[Name], place_code: Form[VillageCode]
) -> Status[PictureTold]:
    """Send one picture (JPEG, PNG, WebP, HEIC) for a field of a form. The same file again is the same picture, until
    a case takes it; what no case takes within two days is removed. Needs `case.own` or `case.act`."""
    caller = request.auth
    if not caller.actor.allows(ACT):
        caller.need(OWN)
    require_place(place_code)
    data = file.read(DEFAULT_LIMITS.bytes + 1)
    kept = _waiting(caller, data, field, place_code)
    if kept is None:
        kept = keep_picture(by=caller.actor, data=data, field=field, place_code=place_code)
    return Status(201, picture(kept))


@router.get(
    "/cases/{number}/pictures/{picture_id}",
    response={200: None, **PROBLEMS},
    operation_id="get_picture",
    openapi_extra={"responses": {200: {"content": JPEG}}},
)
def get_picture(request: ApiRequest, number: CaseNumber, picture_id: int, small: bool = False) -> HttpResponse:
    """A picture of a case as JPEG, without its hidden data; `small` for the thumbnail."""
    case = found_case(request.auth, number)
    found = sent_with(case, request.auth.access).filter(pk=picture_id).first() if 0 < picture_id < 2**63 else None
    path = paths(found.sha256)[1 if small else 0] if found else ""
    if not path or not default_storage.exists(path):
        raise NotThere("api.no_picture")
    with default_storage.open(path) as file:
        response = HttpResponse(file.read(), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _waiting(caller: Caller, data: bytes, field: str, place_code: str) -> Attachment | None:
    """The same file, sent before by the same person for the same field and not yet taken by a case."""
    same = Attachment.objects.filter(sha256=sha256(data).hexdigest(), field=field, place_code=place_code)
    return same.filter(uploaded_by_id=caller.person_id, case__isnull=True).first()

"""Files: sent before the case or step that names them, and given to whoever may see the case."""

from hashlib import sha256

from django.http import HttpResponse
from ninja import File, Form, Status
from ninja.files import UploadedFile

from cunzhi.adapters.documents.port import DEFAULT_LIMITS, MEDIA
from cunzhi.adapters.pictures.port import DEFAULT_LIMITS as PICTURE_LIMITS
from cunzhi.api.auth import ApiRequest
from cunzhi.api.cases.finding import found_case
from cunzhi.api.cases.router import router
from cunzhi.api.cases.schemas import FileTold
from cunzhi.api.cases.telling import file as told
from cunzhi.api.errors import NotThere
from cunzhi.api.kinds import CaseNumber, Name, VillageCode
from cunzhi.api.problems import PROBLEMS
from cunzhi.base.actor import ACT, OWN
from cunzhi.engine.actions.files import keep_file
from cunzhi.engine.keeping import content_of
from cunzhi.engine.models import Attachment
from cunzhi.engine.queries.cases import sent_with
from cunzhi.registry.queries.places import require_place

MOST = max(DEFAULT_LIMITS.bytes, PICTURE_LIMITS.bytes)
FILES = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA.values()}


@router.post("/files", response={201: FileTold, **PROBLEMS}, operation_id="upload_file")
def upload_file(
    request: ApiRequest, file: File[UploadedFile], field: Form[Name], place_code: Form[VillageCode]
) -> Status[FileTold]:
    """Send one file (PDF, Excel sheet, photo) for a field of type `file`. The same file again is the same, until a
    case takes it; what no case takes within two days is removed. Needs `case.own` or `case.act`."""
    caller = request.auth
    if not caller.actor.allows(ACT):
        caller.need(OWN)
    require_place(place_code)
    data = file.read(MOST + 1)
    same = Attachment.objects.filter(sha256=sha256(data).hexdigest(), field=field, place_code=place_code)
    kept = same.filter(uploaded_by_id=caller.person_id, case__isnull=True).first()
    if kept is None:
        kept = keep_file(by=caller.actor, data=data, name=file.name or "", field=field, place_code=place_code)
    return Status(201, told(kept))


@router.get(
    "/cases/{number}/files/{file_id}",
    response={200: None, **PROBLEMS},
    operation_id="get_file",
    openapi_extra={"responses": {200: {"content": FILES}}},
)
def get_file(request: ApiRequest, number: CaseNumber, file_id: int) -> HttpResponse:
    """A file of a case, byte by byte as it was sent."""
    case = found_case(request.auth, number)
    found = sent_with(case, request.auth.access).filter(pk=file_id, phash="").first() if 0 < file_id < 2**63 else None
    try:
        content = content_of(found) if found else None
    except FileNotFoundError:
        content = None
    if found is None or content is None:
        raise NotThere("api.no_file")
    response = HttpResponse(content, content_type=MEDIA[found.kind])
    response["Cache-Control"] = "private, max-age=3600"
    return response

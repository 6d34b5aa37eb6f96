"""One case: read it, open one, move it on. Writing needs a key: the same key again gives the same answer."""

from typing import Annotated

from ninja import Header, Status

from cunzhi.api.auth import ApiRequest
from cunzhi.api.cases.finding import found_case
from cunzhi.api.cases.router import router
from cunzhi.api.cases.schemas import CaseWhole, OpenCase, TakeStep
from cunzhi.api.cases.telling import whole_case
from cunzhi.api.kinds import CaseNumber, RequestKey, request_key
from cunzhi.api.problems import PROBLEMS
from cunzhi.base.errors import Refused
from cunzhi.engine.actions.cases import move, open_case
from cunzhi.engine.loader import scenarios
from cunzhi.engine.models import Case, Step
from cunzhi.engine.queries.cases import whole
from cunzhi.registry.queries.places import require_place

KeyHeader = Annotated[RequestKey, Header(..., alias="Idempotency-Key")]


@router.get("/cases/{number}", response={200: CaseWhole, **PROBLEMS}, operation_id="get_case", by_alias=True)
def get_case(request: ApiRequest, number: CaseNumber) -> CaseWhole:
    """One case with its steps, its pictures and what the caller may do next."""
    return whole_case(found_case(request.auth, number), request.auth.access)


@router.post("/cases", response={201: CaseWhole, **PROBLEMS}, operation_id="open_case", by_alias=True)
def post_case(request: ApiRequest, given: OpenCase, idempotency_key: KeyHeader) -> Status[CaseWhole]:
    """Bring a matter. Pictures are uploaded before; their ids are the answers of their fields."""
    caller = request.auth
    if given.scenario not in scenarios():
        raise Refused("engine.no_such_scenario", field="scenario", scenario=given.scenario)
    if given.workflow not in scenarios()[given.scenario].workflows:
        raise Refused("api.no_such_workflow", field="workflow", workflow=given.workflow)
    require_place(given.place_code)
    opened = open_case(
        by=caller.actor,
        scenario=given.scenario,
        workflow=given.workflow,
        place_code=given.place_code,
        answers=given.answers,
        key=request_key(caller.person_id, "open", idempotency_key),
    )
    if (opened.scenario, opened.workflow, opened.place_code) != (given.scenario, given.workflow, given.place_code):
        raise Refused("api.key_used")
    return Status(201, whole_case(_fresh(opened), caller.access))


@router.post("/cases/{number}/steps", response={200: CaseWhole, **PROBLEMS}, operation_id="take_step", by_alias=True)
def post_step(
    request: ApiRequest,
    number: CaseNumber,
    given: TakeStep,
    idempotency_key: KeyHeader,
) -> CaseWhole:
    """Take a step of a case. 409 when the case moved since the caller saw it."""
    caller = request.auth
    case = found_case(caller, number)
    key = request_key(caller.person_id, case.number, idempotency_key)
    taken = Step.objects.filter(key=key).values_list("transition", flat=True).first()
    if taken not in (None, given.transition):
        raise Refused("api.key_used")
    moved = move(
        by=caller.actor,
        case=case,
        transition=given.transition,
        version=given.version,
        answers=given.answers,
        reason=given.reason,
        code=given.code,
        key=key,
    )
    return whole_case(_fresh(moved), caller.access)


def _fresh(case: Case) -> Case:
    """The case as it stands, with all that is told of it."""
    return whole(Case.objects.all()).get(pk=case.pk)

"""The API, version 1: what it is made of, and how it describes itself."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.docs import Swagger
from ninja.openapi.schema import OpenAPISchema

from cunzhi.api import figures, ledger, messages, places, scenarios
from cunzhi.api.auth import Session, Token
from cunzhi.api.cases import files, lists, pictures, steps
from cunzhi.api.problems import CONTENT_TYPE, refuse_in_our_shape
from cunzhi.api.reading import StrictParser

DESCRIPTION = """Places, cases, books, scenarios and figures of a county's platform for rural governance.

Whoever calls has a token and may do what its person may, within the verbs of the token. Errors are problem details
(RFC 9457) in the language that `Accept-Language` asks for (zh-hans or en). Lists come in pages: send `next` back as
`cursor`. What changes a case needs an `Idempotency-Key`: the same key again gives the same answer.
"""


class Docs(Swagger):
    """The page that describes the API, from files of our own server; it asks no other host for anything."""

    template = "api_docs.html"


class Api(NinjaAPI):
    """Ninja's, with problems for errors and nothing left behind in shared caches."""

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        response = super().create_temporal_response(request)
        response["Cache-Control"] = "private, no-store"
        return response

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Made once: it takes a third of a second, and anybody may ask for it."""
        return self._described

    @cached_property
    def _described(self) -> OpenAPISchema:
        """Errors have a content type of their own, which Ninja does not know."""
        schema = super().get_openapi_schema()
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    if int(status) >= 400:
                        response["content"] = {CONTENT_TYPE: response["content"]["application/json"]}
        return schema


api = Api(
    title="Cunzhi 村治",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api-1",
    docs=Docs(settings={"validatorUrl": None, "persistAuthorization": False}),
    auth=[Token(), Session()],
    parser=StrictParser(),
)
refuse_in_our_shape(api)
PARTS = (places, lists, steps, pictures, files, messages, ledger, scenarios, figures)
for router in dict.fromkeys(part.router for part in PARTS):  # the parts of cases share theirs
    api.add_router("", router)

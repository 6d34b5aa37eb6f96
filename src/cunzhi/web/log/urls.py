"""Where the public log answers: files at the paths of tlog-tiles, pages beside them, and the witness."""

from django.urls import path, register_converter

from cunzhi.web.log import files, sheet, verify, views, witness


class Digest:
    """A SHA-256 as people copy it."""

    regex = "[0-9a-fA-F]{64}"

    def to_python(self, value: str) -> str:
        return value.lower()

    def to_url(self, value: str) -> str:
        return value


register_converter(Digest, "digest")

urlpatterns = [
    path("log/", views.log, name="log"),
    path("log/checkpoint", files.checkpoint, name="log_checkpoint"),
    path("log/policy", files.policy_file, name="log_policy"),
    path("log/tile/<path:rest>", files.tile, name="log_tile"),
    path("log/proof/<int:leaf>.tlog-proof", files.proof_file, name="log_proof"),
    path("log/entry/<int:leaf>/", views.entry, name="log_entry"),
    path("log/sheet/", sheet.sheet, name="log_sheet"),
    path("log/sheet/<str:month>/", sheet.sheet, name="log_sheet_of"),
    path("log/verify/", verify.verify, name="verify"),
    path("log/verify/<digest:digest>/", verify.verify, name="verify_hash"),
    path("witness/add-checkpoint", witness.add_checkpoint, name="add_checkpoint"),
    path("witness/<digest:origin_hash>/checkpoint", witness.latest_checkpoint, name="witnessed_checkpoint"),
]

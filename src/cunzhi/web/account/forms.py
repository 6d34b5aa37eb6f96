"""A new password."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from cunzhi.registry.models import Account
from cunzhi.web.forms import Form
from cunzhi.web.language import t


class PasswordForm(Form):
    """The old one is asked for unless the reader came in by a code."""

    old = forms.CharField(label="web.me.old_password", max_length=200, strip=False)
    new = forms.CharField(label="web.me.new_password", max_length=200, strip=False)
    again = forms.CharField(label="web.me.again", max_length=200, strip=False)

    def __init__(self, *args: Any, account: Account, ask_old: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        if not ask_old:
            del self.fields["old"]

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self.account)
        return new

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("new") and given.get("again") and given["new"] != given["again"]:
            self.add_error("again", t("web.me.differ"))
        return given

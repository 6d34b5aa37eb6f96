"""What all our forms have in common: labels are keys of sentences, errors are kind, a rule may say no."""

from typing import Any, cast

from django import forms

from cunzhi.base.errors import Refused
from cunzhi.base.identity import check_phone
from cunzhi.web.language import current, later, t


class Form(forms.Form):
    """Django's parsing and checking; our templates draw it."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages = {**field.error_messages, "required": later("web.form.required")}

    def choose(self, field: str, choices: list[tuple[str, str]]) -> None:
        """The choices of a field that depend on the reader: what they may reach, and their language."""
        cast(forms.ChoiceField, self.fields[field]).choices = choices

    @property
    def status(self) -> int:
        """The status of the page that shows the form: 422 when something in it has to be corrected."""
        return 422 if self.errors else 200

    def refuse(self, error: Refused) -> None:
        """Show what a rule said: at its field, or above the form."""
        self.add_error(error.field if error.field in self.fields else None, error.say(current()))


class SentFile(forms.FileField):
    """A file of at most so many bytes. One that is empty is judged by whoever reads it."""

    def __init__(self, *, most: int, label: str) -> None:
        super().__init__(label=label, allow_empty_file=True)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> Any:
        sent = super().clean(data, initial)
        if sent.size > self.most:
            raise forms.ValidationError(t("web.form.file_long", most=self.most // 1024))
        return sent


class PhoneField(forms.CharField):
    """A phone number in any spelling, in one form."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return check_phone(text)
        except Refused as error:
            raise forms.ValidationError(error.say(current())) from None

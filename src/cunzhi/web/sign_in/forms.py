"""What one fills in to come in."""

from django import forms

from cunzhi.web.forms import Form, PhoneField


class PhoneForm(Form):
    phone = PhoneField(label="web.sign_in.phone")


class PasswordForm(Form):
    phone = PhoneField(label="web.sign_in.phone")
    password = forms.CharField(label="web.sign_in.password", max_length=200, strip=False)
    shared = forms.BooleanField(label="web.sign_in.shared", required=False)


class CodeForm(Form):
    code = forms.CharField(label="web.sign_in.code", max_length=20)
    shared = forms.BooleanField(label="web.sign_in.shared", required=False)

    def clean_code(self) -> str:
        """The figures alone: people type spaces between them."""
        return "".join(character for character in self.cleaned_data["code"] if character.isdigit())

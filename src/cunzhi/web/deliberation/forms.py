"""The forms of topics and votes."""

from datetime import date, datetime, time
from typing import Any

from django import forms

from cunzhi.base import clock
from cunzhi.deliberation.models import Ballot, Topic
from cunzhi.web.forms import Form
from cunzhi.web.language import later

EVENING = time(18)


def _choices(values: Any, key: str) -> list[tuple[str, Any]]:
    return [(value, later(f"web.topics.{key}.{value}")) for value in values]


class TopicForm(Form):
    """What a committee announces. Days end at six in the evening, when the village office still answers."""

    place_code = forms.ChoiceField(label="web.topics.place")
    title = forms.CharField(label="web.topics.title_field", max_length=80)
    text = forms.CharField(label="web.topics.text", widget=forms.Textarea, max_length=3000)
    record = forms.CharField(label="web.topics.record", required=False, max_length=64)
    discuss_from = forms.DateField(label="web.topics.discuss_from")
    discuss_until = forms.DateField(label="web.topics.discuss_until")
    ballot = forms.ChoiceField(
        label="web.topics.ballot_field",
        widget=forms.RadioSelect,
        choices=lambda: _choices(Topic.Ballot.values, "ballot_how"),
    )
    options = forms.CharField(label="web.topics.options", widget=forms.Textarea, required=False, max_length=600)
    vote_until = forms.DateField(label="web.topics.vote_until", required=False)
    voice = forms.ChoiceField(
        label="web.topics.voice_field", widget=forms.RadioSelect, choices=lambda: _choices(Topic.Voice.values, "voice")
    )
    quorum = forms.ChoiceField(label="web.topics.quorum_field", choices=lambda: _choices(Topic.Quorum.values, "quorum"))
    least = forms.IntegerField(label="web.topics.least", initial=5, min_value=0, max_value=9999)
    answer_by = forms.DateField(label="web.topics.answer_by")

    def moment(self, field: str) -> datetime | None:
        """A day as the moment at which its phase ends; a discussion begins with its day, today at once."""
        chosen: date | None = self.cleaned_data[field]
        if chosen is None:
            return None
        if field != "discuss_from":
            return datetime.combine(chosen, EVENING, clock.ZONE)
        return clock.now() if chosen == clock.today() else datetime.combine(chosen, time(0), clock.ZONE)


class WordsForm(Form):
    """Words that somebody has to say: a suggestion, a remark, a reason."""

    text = forms.CharField(label="web.topics.words", widget=forms.Textarea, max_length=3000)

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label


class ObjectForm(Form):
    """An objection to the roll; without a number it says that oneself is missing."""

    text = forms.CharField(label="web.topics.objection_words", widget=forms.Textarea, max_length=200)
    number = forms.IntegerField(label="web.topics.objection_line", required=False, min_value=1, max_value=10**6)


class DecideForm(Form):
    """Yes or no, with a reason."""

    verdict = forms.ChoiceField(label="web.topics.verdict", widget=forms.RadioSelect)
    text = forms.CharField(label="web.topics.reason", widget=forms.Textarea, max_length=200)


class VoteForm(Form):
    """One of the options."""

    option = forms.TypedChoiceField(label="web.topics.your_choice", widget=forms.RadioSelect, coerce=int)


class CodeForm(VoteForm):
    """One of the options, with the figures of a sheet."""

    code = forms.CharField(label="web.topics.code", max_length=60)
    field_order = ("code", "option")


class ReceiptForm(Form):
    """A receipt to look up."""

    receipt = forms.CharField(label="web.topics.receipt", max_length=120)


class OfficeForm(Form):
    """A ballot from paper, by phone or with a helper's hand; a number on the roll, or the figures of a sheet."""

    voter = forms.CharField(label="web.topics.line", max_length=60)
    option = forms.TypedChoiceField(label="web.topics.choice_given", widget=forms.RadioSelect, coerce=int)
    way = forms.ChoiceField(
        label="web.topics.way_field",
        widget=forms.RadioSelect,
        choices=lambda: _choices([way for way in Ballot.Way.values if way != Ballot.Way.WEB], "way"),
    )
    witness = forms.ChoiceField(label="web.topics.witness")
    consent = forms.CharField(label="web.topics.consent", required=False, max_length=120)


class ReasonForm(Form):
    """A reason alone."""

    reason = forms.CharField(label="web.topics.reason", max_length=200)

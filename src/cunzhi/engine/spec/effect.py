"""The closed list of what a transition may bring about."""

from typing import Literal, Self

from pydantic import Field, model_validator

from cunzhi.engine.spec.base import Name, Spec


class Post(Spec):
    """Move an amount from one kind of account to another.

    amount: the name of a rule that returns it. `undo`: instead, the name of an earlier transition of this case whose
    postings in this book are reversed, so that what is given back is what was taken.
    """

    book: Name
    source: Name | None = Field(default=None, alias="from")
    target: Name | None = Field(default=None, alias="to")
    amount: Name | None = None
    undo: Name | None = None

    @model_validator(mode="after")
    def complete(self) -> Self:
        forward = (self.source, self.target, self.amount)
        if self.undo is None and None in forward:
            raise ValueError("give `from`, `to` and `amount`, or `undo`")
        if self.undo is not None and any(forward):
            raise ValueError("`undo` stands alone beside `book`")
        return self


class Notify(Spec):
    """Send a message of the scenario to the subject, opener, assignee, to those `due` at the latest meeting, to all
    who hold a role over the place, or to `waiting`: all who hold the role that the case now waits for."""

    to: str
    message: Name


class Publish(Spec):
    """Tell the village, names masked, for as many working days as the parameter `days` says (0: until taken down).

    With a `title` the notice has a page of its own, and its hash stands in the journal for everybody to verify. The
    other keys name fields too: `text`; `files`, which anybody may then open; `column` and `period`, when it answers a
    duty of the calendar; `corrects`, the notice that it sets right; `about`, the notice under which it stands.
    statement: the book whose account of the period goes with it, drawn up from the postings at that moment.
    whole: the page begins with the message itself, in Chinese, so that its figures stay and can be verified.
    """

    message: Name
    days: Name | None = None
    title: Name | None = None
    text: Name | None = None
    files: Name | None = None
    column: Name | None = None
    period: Name | None = None
    corrects: Name | None = None
    about: Name | None = None
    statement: Literal["money"] | None = None
    whole: bool = False

    @property
    def fields(self) -> list[str]:
        """The fields that it makes public."""
        parts = (self.title, self.text, self.files, self.column, self.period, self.corrects, self.about)
        return [name for name in parts if name is not None]


class Record(Spec):
    """Keep an answer as a fact about the subject or the household, under the element that its field is bound to."""

    field: Name


class Observe(Spec):
    """Keep a choice of this step as a SensorThings observation of the place, beside what sensors measure there.

    field: the choice that says what was seen. photos: the field whose pictures the observation names; they stay where
    they are, for those who may see the case. spot: the field with the point where it was seen. All of it goes when the
    days of the scenario's personal data are over.
    """

    field: Name
    photos: Name | None = None
    spot: Name | None = None


class AskMachine(Spec):
    """Ask a machine port about a field. It answers; it never grants and never refuses.

    photo_check: the pictures of the field. personal_data: whether numbers of people stand in the files of the field or
    in a text of the case.
    """

    port: Literal["photo_check", "personal_data"]
    field: Name


class Open(Spec):
    """Open another case of this scenario on the same subject and place, as a child of this one.

    answers: fields of this step whose answers the child begins with. office, minutes: fields that say for which role
    it waits and for how many minutes by the clock; without them its workflow says so.
    """

    workflow: Name
    answers: list[Name] = []
    office: Name | None = None
    minutes: Name | None = None


class Convene(Spec):
    """Call a meeting on this case: its roll is drawn, and those who are due get the `message`.

    body: whose meeting it is; `chosen`: instead, the field whose answer names the body. on, hour, venue: the fields
    that say when and where.
    """

    body: Literal["branch", "committees", "members", "assembly", "households", "representatives"] | None = None
    chosen: Name | None = None
    on: Name
    hour: Name
    venue: Name
    message: Name

    @model_validator(mode="after")
    def one_body(self) -> Self:
        if (self.body is None) == (self.chosen is None):
            raise ValueError("give either `body` or `chosen`")
        return self


class Conclude(Spec):
    """End the open meeting of this case. With counts (the fields that hold them) only when the rule `quorum` says that
    the meeting may decide; empty, when too few came for that; `called_off`, when nobody has come yet."""

    quorum: Name | None = None
    agreed: Name | None = None
    against: Name | None = None
    abstained: Name | None = None
    called_off: bool = False

    @model_validator(mode="after")
    def all_or_nothing(self) -> Self:
        if len({part is None for part in (self.quorum, self.agreed, self.against, self.abstained)}) != 1:
            raise ValueError("give `quorum`, `agreed`, `against` and `abstained`, or none of them")
        if self.called_off and self.quorum:
            raise ValueError("what is called off counts nothing")
        return self


class Respond(Spec):
    """Begin an emergency of which this case is the lead, or, when it has one, give that another colour.

    hazard, colour, kind, cause: the fields that say which hazard, how grave, whether it is a `drill`, and the record
    (alarm, warning) that gave rise to it. tasks: the workflow as which each duty of the plan in force is opened, for
    the office that the plan names, within its minutes; the child's answers are `what`, `what_en`, `office`, `minutes`.
    """

    hazard: Name
    colour: Name
    kind: Name | None = None
    cause: Name | None = None
    tasks: Name


class StandDown(Spec):
    """End the emergency of this case. lapse: the transition by which tasks that are still open come to their end; the
    timer must be allowed to take it."""

    lapse: Name


class Effect(Spec):
    """One effect: exactly one of the keys. `when` names a rule that says True or False; without it the
    effect always happens."""

    post: Post | None = None
    notify: Notify | None = None
    publish: Publish | None = None
    record: Record | None = None
    observe: Observe | None = None
    ask_machine: AskMachine | None = None
    open: Open | None = None
    convene: Convene | None = None
    conclude: Conclude | None = None
    respond: Respond | None = None
    stand_down: StandDown | None = None
    when: Name | None = None

    @model_validator(mode="after")
    def exactly_one(self) -> Self:
        given = [key for key in EFFECTS if getattr(self, key) is not None]
        if len(given) != 1:
            raise ValueError(f"an effect is exactly one of {', '.join(EFFECTS)}")
        return self


EFFECTS: tuple[str, ...] = (
    "post", "notify", "publish", "record", "observe", "ask_machine", "open", "convene", "conclude", "respond",
    "stand_down",
)  # fmt: skip

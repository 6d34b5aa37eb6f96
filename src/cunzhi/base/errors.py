"""The one way in which a rule says no to a person."""

from cunzhi.base.messages import say


class Refused(Exception):
    """A rule says no. Its words stand in the messages under `code`, in Chinese and English.

    `field` names the form field that it is about, when there is one.
    """

    def __init__(self, code: str, /, *, field: str = "", **params: object) -> None:
        self.code = code
        self.field = field
        self.params = params
        super().__init__(code)

    def say(self, language: str) -> str:
        return say(self.code, language, **self.params)

    def __str__(self) -> str:
        return self.say("en")


class Conflict(Refused):
    """Somebody else was quicker: what was decided on is no longer what is there."""


class Forbidden(Refused):
    """The person may not do this here; the reason says which role would be needed."""

"""What the API refuses beside what rules refuse, each with the HTTP status that says so."""

from cunzhi.base.errors import Refused


class Unanswered(Refused):
    """A request that reaches no rule: not signed in, not there, too long, unreadable, too many."""

    status = 400


class NotSignedIn(Unanswered):
    """No token or session, or one that does not hold."""

    status = 401


class NotThere(Unanswered):
    """There is no such thing, or none that the caller may know of: the answer is the same."""

    status = 404


class TooLong(Unanswered):
    """The body has more bytes than we take."""

    status = 413


class WrongKind(Unanswered):
    """The body is of a content type that this operation does not read."""

    status = 415


class TooMany(Unanswered):
    """More requests than a minute allows."""

    status = 429

"""Reads $filter and $orderby into a tree: a strict part of OData 4, by recursive descent."""

from collections.abc import Sequence
from dataclasses import dataclass

from cunzhi.api.sensorthings.asking.constants import READERS, constant
from cunzhi.api.sensorthings.asking.tokens import Token, tokens
from cunzhi.api.sensorthings.asking.tree import Call, Constant, Node, Path
from cunzhi.base.errors import Refused

LEVELS = (("or",), ("and",), ("eq", "ne", "gt", "ge", "lt", "le"), ("add", "sub"), ("mul", "div", "mod"))
"""Operators from those that bind least to those that bind most."""
WORDS = {"true": Constant("bool", True), "false": Constant("bool", False), "null": Constant("null", None)}
DEEPEST = 40
END = Token("end", "", -1)


@dataclass(frozen=True)
class Order:
    """By what to sort, and in which direction."""

    by: Node
    descending: bool = False


def parse_filter(text: str) -> Node:
    """The tree of a $filter."""
    reader = Reader(text)
    tree = reader.expression(0)
    reader.end()
    return tree


def parse_order(text: str) -> list[Order]:
    """What a $orderby sorts by."""
    reader = Reader(text)
    found = []
    while True:
        by = reader.expression(0)
        direction = reader.take_name("asc", "desc")
        found.append(Order(by, direction == "desc"))
        if not reader.take(","):
            reader.end()
            return found


class Reader:
    """Where one is in the words of a text."""

    def __init__(self, text: str) -> None:
        self.words: Sequence[Token] = list(tokens(text))
        self.at = 0
        self.depth = 0

    @property
    def word(self) -> Token:
        return self.words[self.at] if self.at < len(self.words) else END

    def take(self, sign: str) -> bool:
        """Go on if this sign is next."""
        if self.word.kind == "sign" and self.word.text == sign:
            self.at += 1
            return True
        return False

    def take_name(self, *names: str) -> str:
        """Go on if one of these names is next; which it was."""
        if self.word.kind == "name" and self.word.text in names:
            self.at += 1
            return self.words[self.at - 1].text
        return ""

    def expect(self, sign: str) -> None:
        if not self.take(sign):
            raise self.wrong()

    def end(self) -> None:
        if self.word is not END:
            raise self.wrong()

    def wrong(self) -> Refused:
        if self.word is END:
            return Refused("api.sta.ends_early")
        return Refused("api.sta.unexpected", at=self.word.at + 1, text=self.word.text[:40])

    def expression(self, level: int) -> Node:
        """Operators of this level and of those that bind more."""
        self.depth += 1
        if self.depth > DEEPEST * len(LEVELS):
            raise Refused("api.sta.too_deep")
        if level == len(LEVELS):
            found = self.unary()
        else:
            found = self.expression(level + 1)
            while name := self.take_name(*LEVELS[level]):
                found = Call(name, (found, self.expression(level + 1)))
        self.depth -= 1
        return found

    def unary(self) -> Node:
        if self.take_name("not"):
            return Call("not", (self.expression(2),))
        if self.take("("):
            found = self.expression(0)
            self.expect(")")
            return found
        return self.primary()

    def primary(self) -> Node:
        """A constant, a path, or a function with its arguments."""
        word = self.word
        if word.kind in READERS or word.kind == "typed":
            self.at += 1
            return constant(word)
        if word.kind != "name":
            raise self.wrong()
        self.at += 1
        if word.text in WORDS:
            return WORDS[word.text]
        if self.take("("):
            return Call(word.text, self.arguments())
        return self.path(word.text)

    def arguments(self) -> tuple[Node, ...]:
        found: list[Node] = []
        while not self.take(")"):
            if found:
                self.expect(",")
            found.append(self.expression(0))
        return tuple(found)

    def path(self, first: str) -> Path:
        steps = [first]
        while self.take("/"):
            if self.word.kind != "name":
                raise self.wrong()
            steps.append(self.word.text)
            self.at += 1
        return Path(tuple(steps))

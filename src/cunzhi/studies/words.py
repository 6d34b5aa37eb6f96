"""What a report says, in both languages at once, from the messages of this package."""

from cunzhi.base.messages import say
from cunzhi.base.text import Text


def text(key: str, **params: object) -> Text:
    """The words under `key` with their blanks filled, in Chinese and English."""
    return Text(
        zh_Hans=say(f"studies.{key}", "zh-hans", **params),
        en=say(f"studies.{key}", "en", **params),
    )


def plain(words: object) -> Text:
    """The same words in both languages, such as a number or a code."""
    return Text(zh_Hans=str(words), en=str(words))


def joined(parts: list[Text], *, chinese: str = "、", english: str = ", ") -> Text:
    """Several texts as a list in a sentence."""
    return Text(zh_Hans=chinese.join(part.zh_Hans for part in parts), en=english.join(part.en for part in parts))

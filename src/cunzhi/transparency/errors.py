"""What is said when a text, a signature or a proof does not hold."""


class Doubt(ValueError):
    """Something that should prove something does not; `code` says which of the known ways it fails."""

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        super().__init__(text)

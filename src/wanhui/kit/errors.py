"""The one exception for a person: something was refused, and what to do instead."""


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A verb said no. `message` is already in the reader's language and says what to do instead."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotAllowed(Refused):
    """A verb said no to this person: their role in the store does not allow it."""

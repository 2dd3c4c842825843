"""The one exception of this room: a file that cannot be used, said so that a shopkeeper knows what to do."""


class FileProblem(Exception):  # noqa: N818 - a problem of the file, not an error of the program
    """`message` says in plain English what was found and what to do; it holds no review text."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

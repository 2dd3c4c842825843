"""The one error of this package."""


class Trouble(Exception):  # noqa: N818 - it is an answer for a person
    """It cannot be done, or what was found is not right. `str()` is a sentence that says what to do instead.

    `wrong_use`: the person asked for something that cannot be (exit 2); otherwise something is wrong (exit 1).
    """

    def __init__(self, message: str, *, wrong_use: bool = False) -> None:
        super().__init__(message)
        self.wrong_use = wrong_use

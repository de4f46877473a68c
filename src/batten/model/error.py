"""The errors a user can act on."""


class BattenError(Exception):
    """Something the user can put right; the message says what and how."""

    def __init__(self, message: str, *, hint: str = "", code: int = 2) -> None:
        """Keep the message, what to try next, and the exit code (2 usage, 3 nothing to audit)."""
        super().__init__(message)
        self.hint = hint
        self.code = code

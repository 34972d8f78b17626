"""The exceptions of asking and answering."""

from index.errors import ParleyError


class QuestionError(ParleyError):
    """The question cannot be answered as it was typed; `reason` says it to programs: empty, too_long, no_words."""

    code = "bad_question"

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


class InvariantError(ParleyError):
    """An answer would break the contract (a citation that does not hold); it is not shown."""

    code = "broken_invariant"


class FileError(ParleyError):
    """A file of questions or pairs cannot be read as it stands."""

    code = "bad_file"

"""The exceptions of asking and answering."""

from index.errors import ParleyError


class QuestionError(ParleyError):
    """The question cannot be answered as it was typed: empty, too long or not text."""

    code = "bad_question"


class InvariantError(ParleyError):
    """An answer would break the contract (a citation that does not hold); it is not shown."""

    code = "broken_invariant"


class FileError(ParleyError):
    """A file of questions or pairs cannot be read as it stands."""

    code = "bad_file"

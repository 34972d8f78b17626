"""What can go wrong in an evaluation, on purpose."""

from index.errors import ParleyError


class EvaluationError(ParleyError):
    """An evaluation cannot be made or read as it was asked for."""

    code = "evaluation"


class QuestionSetError(EvaluationError):
    """A question set cannot be read; the message names the file, the line and the field."""

    code = "bad_question_set"


class RunMismatchError(EvaluationError):
    """A folder holds rows of a run with other questions, settings or another index."""

    code = "run_mismatch"

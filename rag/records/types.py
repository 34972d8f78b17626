"""The plain types of what is kept: a stored answer and a reader's verdict on it."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from index.errors import ParleyError
from rag.types import Answer

Rating = Literal["up", "down"]


class UnknownAnswerError(ParleyError):
    """No answer of this id is stored: it never was, or its conversation was deleted."""

    code = "unknown_answer"


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as it was given. `id` cannot be guessed and fits into a URL; `asked_at` is UTC."""

    id: str
    conversation_id: str
    asked_at: dt.datetime
    answer: Answer


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader thought of an answer; `given_at` is UTC."""

    stored: StoredAnswer
    rating: Rating
    comment: str
    given_at: dt.datetime

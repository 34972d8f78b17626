"""What the browser holds of a conversation, between one event of the page and the next.

The answers are in the records; the browser sends back which of them it shows. A server that was restarted therefore
goes on where it was.
"""

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rag.question import MAX_QUESTION_CHARS

_ID_CHARS = 100


class Held(BaseModel):
    """`answer_id` is the answer that the last turn shows, or the one whose place it takes; `question` what was asked.

    While `editing`, the next question takes the place of the last turn.
    """

    model_config = ConfigDict(frozen=True)

    conversation_id: str | None = Field(None, max_length=_ID_CHARS)
    answer_id: str | None = Field(None, max_length=_ID_CHARS)
    question: str = Field("", max_length=MAX_QUESTION_CHARS)
    editing: bool = False


def read_held(text: str) -> Held:
    """What `Held.model_dump_json` wrote; a new conversation for anything else, which no page of ours sends."""
    try:
        return Held.model_validate_json(text or "{}")
    except ValidationError:
        return Held()

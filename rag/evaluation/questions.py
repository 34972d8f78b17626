"""The question format: one JSON object a line, every field checked.

    {"id": "q1", "question": "Who hosted the talks?", "type": "who", "answer": "Chancellor Merz.",
     "must_include": [["Merz"]], "also_accept": [["Мерц"]], "relevant": ["2025-12-15-berlin-talks"],
     "answerable": true, "history": [], "as_of": null, "language": "en", "group": null}

`must_include` is a list of slots, each a list of alternatives of which an answer needs one; `also_accept` runs
parallel to it with further alternatives. `relevant` is a list of document ids, or an object from id to grade.
Questions of one `group` ask the same thing and must get the same answer: with other spellings of names (type
`name-variant`), in other words (`reworded`), or in another language. Files, and other layouts, are read by
`rag.evaluation.layouts`.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from index.text.language import guess_language
from rag.evaluation.errors import QuestionSetError
from rag.evaluation.metrics.abstention import Kind

_UKRAINIAN_LETTERS = set("іїєґІЇЄҐ")


class EvalQuestion(BaseModel):
    """A question with what is known about its answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    type: str = "question"
    answer: str | None = None
    other_answers: tuple[str, ...] = ()
    must_include: tuple[tuple[str, ...], ...] = ()
    also_accept: tuple[tuple[str, ...], ...] = ()
    relevant: dict[str, int] = Field(default_factory=dict)
    answerable: bool = True
    history: tuple[str, ...] = ()
    as_of: dt.date | None = None
    language: str = ""
    group: str | None = None

    @field_validator("relevant", mode="before")
    @classmethod
    def _grade_listed_documents(cls, value: object) -> object:
        return dict.fromkeys(value, 1) if isinstance(value, list | tuple) else value

    @model_validator(mode="after")
    def _fields_agree(self) -> Self:
        if not self.question.strip():
            raise ValueError("the question is empty")
        if len(self.also_accept) > len(self.must_include):
            raise ValueError(f"also_accept has {len(self.also_accept)} slots, must_include {len(self.must_include)}")
        if any(not alternative.strip() for slot in (*self.must_include, *self.also_accept) for alternative in slot):
            raise ValueError("an alternative is empty and would be found in every answer")
        if not all(self.slots):
            raise ValueError("a slot of must_include has no alternatives")
        if not self.answerable and self.kind == "unanswerable" and self.must_include:
            raise ValueError("an unanswerable question cannot have anything to include")
        if not self.language:
            object.__setattr__(self, "language", question_language(self.question))
        return self

    @property
    def kind(self) -> Kind:
        """Which side of abstention the question is on."""
        if self.answerable:
            return "answerable"
        return "false-premise" if self.type == "false-premise" else "unanswerable"

    @property
    def slots(self) -> list[tuple[str, ...]]:
        """What an answer has to include: each slot with all its alternatives."""
        padded = self.also_accept + ((),) * (len(self.must_include) - len(self.also_accept))
        return [slot + further for slot, further in zip(self.must_include, padded, strict=True)]

    @property
    def references(self) -> list[str]:
        """The reference answers, for token F1 and exact match."""
        return [answer for answer in (self.answer, *self.other_answers) if answer]

    @property
    def family(self) -> str:
        """Questions that ask the same thing have the same family."""
        return f"group {self.group}" if self.group else self.id


def question_language(text: str) -> str:
    """The language of a question that does not name it; where words don't decide, its letters do: uk, ru or en."""
    guessed = guess_language(text)
    if guessed != "und":
        return guessed
    if _UKRAINIAN_LETTERS.intersection(text):
        return "uk"
    return "ru" if any("а" <= letter <= "я" for letter in text.lower()) else "en"


def parse_question(fields: dict, where: str) -> EvalQuestion:
    """The question, or QuestionSetError naming `where` and the first field that is wrong."""
    try:
        return EvalQuestion.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "question"
        raise QuestionSetError(f"{where}: {field}: {first['msg']}") from error


def sample(questions: Sequence[EvalQuestion], size: int) -> list[EvalQuestion]:
    """`size` questions evenly spaced over the list, the same ones every time."""
    if size >= len(questions):
        return list(questions)
    return [questions[index * len(questions) // size] for index in range(size)]


def fingerprint(questions: Sequence[EvalQuestion]) -> str:
    """A hash that changes whenever a question, its order or what is expected of it changes."""
    text = "\n".join(question.model_dump_json() for question in questions)
    return hashlib.sha256(text.encode()).hexdigest()[:12]

import datetime as dt

import pytest

from index.types import Coverage, Document, Span
from rag.citations import cite, verify_quotes
from rag.errors import InvariantError
from rag.types import Answer, AnswerSentence, Citation

DOCUMENT = Document(id="a", title="A", date=dt.date(2026, 1, 2), text="One thing. Another thing.")
CITATION = cite(1, DOCUMENT, Span(0, 10))


def make_answer(**changes: object) -> Answer:
    fields = {
        "question": "What?",
        "standalone_question": "What?",
        "status": "answered",
        "text": "One thing. [1]",
        "sentences": (AnswerSentence(text="One thing.", citations=(1,), support=1.0),),
        "citations": (CITATION,),
        "coverage": Coverage(documents=1),
        "index_version": "0" * 12,
    }
    return Answer(**{**fields, **changes})


def test_a_sound_answer_is_accepted() -> None:
    answer = make_answer()
    verify_quotes(answer, {"a": DOCUMENT}.get)
    assert Answer.model_validate_json(answer.model_dump_json()) == answer


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "One thing. [2]"},
        {"text": "One thing."},
        {"text": "One thing. [1] [0]"},
        {"citations": ()},
        {"citations": (CITATION, CITATION)},
        {"sentences": (AnswerSentence(text="One thing.", citations=(), support=1.0),)},
        {"sentences": ()},
        {"status": "abstained"},
        {"coverage": Coverage(documents=1, as_of=dt.date(2026, 1, 1))},
    ],
    ids=lambda changes: ",".join(changes),
)
def test_a_broken_answer_cannot_be_built(changes: dict[str, object]) -> None:
    with pytest.raises(InvariantError):
        make_answer(**changes)


def test_an_undated_document_is_not_cited_under_a_cut_off() -> None:
    undated = CITATION.model_copy(update={"date": None})
    with pytest.raises(InvariantError, match="not at all"):
        make_answer(citations=(undated,), coverage=Coverage(documents=1, as_of=dt.date(2026, 1, 1)))


def test_citation_zero_is_rejected() -> None:
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        Citation(**{**CITATION.model_dump(), "marker": 0})


@pytest.mark.parametrize(
    "changes", [{"quote": "One thing!"}, {"start": 1, "end": 11}, {"quote": "", "end": 0}, {"document_id": "b"}]
)
def test_a_quote_that_is_not_in_its_place_is_refused(changes: dict[str, object]) -> None:
    answer = make_answer(citations=(CITATION.model_copy(update=changes),))
    with pytest.raises(InvariantError):
        verify_quotes(answer, {"a": DOCUMENT}.get)

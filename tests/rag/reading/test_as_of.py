"""Nothing dated after the reader's cut-off reaches anything that is shown, whoever set it."""

import datetime as dt

import pytest

from index.collection import Collection
from rag.assistant import Assistant
from rag.types import Answer, Question

QUESTIONS = (
    "What is the latest on territory?",
    "How many prisoners were exchanged?",
    "What happened after the last round in Abu Dhabi?",
    "Що сказав Зеленський про гарантії безпеки?",
    "Что Путин предложил весной?",
    "give me a chronology of the ceasefires",
    "What changed on security guarantees since January 2026?",
    "Will there be peace by summer?",
    "brief me on the prisoner exchanges",
)
CUT_OFFS = (dt.date(2025, 8, 20), dt.date(2026, 2, 10))


def shown_late(answer: Answer, as_of: dt.date, collection: Collection) -> list[str]:
    """What an answer shows of documents that are undated or dated after `as_of`."""
    pointers = [*answer.citations, *answer.nearest]
    with collection.snapshot() as snapshot:
        dates = {pointer.document_id: snapshot.document(pointer.document_id).date for pointer in pointers}
    return [document_id for document_id, date in dates.items() if date is None or date > as_of]


@pytest.mark.parametrize("as_of", CUT_OFFS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_citations_passages_coverage_and_followups_keep_the_cut_off(
    assistant: Assistant, seed_collection: Collection, question: str, as_of: dt.date
) -> None:
    answer = assistant.ask(Question(question=question, as_of=as_of))
    assert answer.coverage.as_of == as_of
    assert answer.coverage.newest <= as_of
    assert shown_late(answer, as_of, seed_collection) == []
    for followup in answer.followups:
        then = assistant.ask(Question(question=followup, as_of=as_of))
        assert shown_late(then, as_of, seed_collection) == []
        assert then.status == "answered"


@pytest.mark.parametrize(
    "question",
    [
        "What was known on 10 February 2026 about the next round?",
        "As of 10 February 2026, what is the newest on the talks?",
        "Що було відомо на 10 лютого 2026 року про наступний раунд?",
        "Что было известно на 10 февраля 2026 года о следующем раунде?",
    ],
)
def test_a_question_may_set_the_cut_off_itself(
    assistant: Assistant, seed_collection: Collection, question: str
) -> None:
    answer = assistant.ask(Question(question=question))
    day = dt.date(2026, 2, 10)
    assert answer.coverage.as_of == day
    assert shown_late(answer, day, seed_collection) == []


def test_of_two_cut_offs_the_earlier_one_counts(assistant: Assistant) -> None:
    asked = Question(question="What was known on 10 May 2026 about the truce?", as_of=dt.date(2026, 2, 1))
    assert assistant.ask(asked).coverage.as_of == dt.date(2026, 2, 1)


@pytest.mark.parametrize("question", ["What was agreed on 10 February 2026?", "What was Rutte known for in May 2026?"])
def test_a_day_alone_is_no_cut_off(assistant: Assistant, question: str) -> None:
    assert assistant.ask(Question(question=question)).coverage.as_of is None

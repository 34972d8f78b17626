import datetime as dt

import numpy as np
import pytest

from index.types import Chunk, Document, Span
from rag.answering.evidence import Evidence
from rag.answering.extractive import ExtractiveLimits, compose, dated, with_antecedent, without_marks
from rag.retrieval.reranking import Sentence
from rag.types import Passage

DAY = dt.date(2026, 1, 22)


def evidence(
    text: str, score: float, *, document_id: str = "a", language: str = "en", direction: float = 0.0
) -> Evidence:
    """A document that is one sentence; `direction` turns its embedding away from (1, 0), in radians."""
    document = Document(id=document_id, title="Title", date=DAY, kind="event", language=language, text=text)
    passage = Passage(Chunk(document_id, document_id, 0, 0, len(text), text), document, 0.0)
    embedding = np.array([np.cos(direction), np.sin(direction)], dtype=np.float32)
    sentence = Sentence(passage, Span(0, len(text)), text, 0.5, embedding)
    return Evidence(sentence, score, frozenset(text.casefold().split()))


def test_the_best_comes_first_and_markers_count_up() -> None:
    draft = compose([evidence("One thing happened.", 3.0), evidence("Another went on.", 4.0, document_id="b")], "en")
    assert draft.text == "22 January 2026: Another went on. [1] 22 January 2026: One thing happened. [2]"
    assert [citation.document_id for citation in draft.citations] == ["b", "a"]


def test_no_evidence_gives_an_empty_draft() -> None:
    assert compose([], "en").sentences == ()


def test_an_answer_keeps_to_its_words_and_sentences() -> None:
    found = [evidence(f"word{n} " * 20, 9 - n, document_id=str(n)) for n in range(8)]
    draft = compose(found, "en")
    assert len(draft.sentences) == 3  # 23 words each with the date: a fourth would pass 80
    assert len(compose(found, "en", ExtractiveLimits(words=500)).sentences) == 4


def test_a_single_long_sentence_is_still_shown() -> None:
    assert len(compose([evidence("word " * 200, 1.0)], "en").sentences) == 1


def test_weak_sentences_are_left_out() -> None:
    draft = compose([evidence("One thing happened.", 3.0), evidence("Another went on.", 1.0, document_id="b")], "en")
    assert len(draft.sentences) == 1


def test_the_same_statement_from_two_documents_is_shown_once() -> None:
    text = "The sides agreed to exchange prisoners in March."
    assert len(compose([evidence(text, 4.0), evidence(text, 3.0, document_id="b")], "en").sentences) == 1


@pytest.mark.parametrize(("direction", "shown"), [(0.3, 1), (0.8, 2)])
def test_a_translation_is_shown_once(direction: float, shown: int) -> None:
    found = [
        evidence("The talks ended.", 4.0),
        evidence("Переговори завершились.", 3.0, document_id="b", language="uk", direction=direction),
    ]
    assert len(compose(found, "en", translation_level=0.9).sentences) == shown


@pytest.mark.parametrize(
    ("text", "kind", "date", "expected"),
    [
        ("He left.", "event", DAY, "22 January 2026: He left."),
        ("He left on 3 May.", "event", DAY, "He left on 3 May."),
        ("He left.", "topic", DAY, "He left."),
        ("He left.", "document", None, "He left."),
    ],
)
def test_a_reports_date_goes_in_front_where_the_sentence_names_none(text, kind, date, expected) -> None:
    assert dated(text, Document(id="a", title="A", date=date, kind=kind, text=text), "en") == expected


def test_the_date_is_spelled_in_the_readers_language() -> None:
    document = Document(id="a", title="A", date=DAY, text="He left.")
    assert dated("He left.", document, "uk") == "22 січня 2026: He left."
    assert dated("He left.", document, "ru") == "22 января 2026: He left."


def test_a_pronoun_brings_the_sentence_before_it_within_the_paragraph() -> None:
    text = "Old news.\n\nThe mayor spoke. She resigned. They all left."
    document = Document(id="a", title="A", text=text)
    start = text.index("She")
    longer = with_antecedent(document, Span(start, start + len("She resigned.")), 40)
    assert text[longer.start : longer.end] == "The mayor spoke. She resigned."
    assert with_antecedent(document, Span(start, start + 13), 3) == Span(start, start + 13)
    first = text.index("The mayor")
    assert with_antecedent(document, Span(first, first + 16), 40) == Span(first, first + 16)


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("**Kyiv**: cold.", "Kyiv: cold."),
        ("- An item.", "An item."),
        ("3. Third.", "Third."),
        ("> Quoted.", "Quoted."),
        ("wrapped\nline", "wrapped line"),
        ("2026. was a year", "2026. was a year"),
    ],
)
def test_markdown_of_the_document_is_not_shown(marked: str, plain: str) -> None:
    assert without_marks(marked) == plain

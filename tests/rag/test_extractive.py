import datetime as dt

import numpy as np
import pytest

from index.text.names import load_names
from index.types import Chunk, Document, Span
from rag.answering.evidence import Evidence
from rag.answering.extractive import ExtractiveLimits, compose, introduced, without_marks
from rag.retrieval.reranking import Sentence
from rag.types import Passage

DAY = dt.date(2026, 1, 22)
NAMES = load_names()


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
    draft = compose(
        [evidence("One thing happened.", 3.0), evidence("Trams went on strike.", 4.0, document_id="b")], "en", NAMES
    )
    assert draft.text == "22 January 2026: Trams went on strike. [1] 22 January 2026: One thing happened. [2]"
    assert [citation.document_id for citation in draft.citations] == ["b", "a"]


def test_no_evidence_gives_an_empty_draft() -> None:
    assert compose([], "en", NAMES).sentences == ()


def test_an_answer_keeps_to_its_words_and_sentences() -> None:
    found = [evidence(f"word{n} " * 20, 9 - n, document_id=str(n)) for n in range(8)]
    draft = compose(found, "en", NAMES)
    assert len(draft.sentences) == 3  # 23 words each with the date: a fourth would pass 80
    assert len(compose(found, "en", NAMES, ExtractiveLimits(words=500)).sentences) == 4


def test_the_parts_of_a_question_take_turns() -> None:
    one = [evidence(f"The ferries {word} in the harbour.", 9.0, document_id=word) for word in ("stop", "burn", "sink")]
    other = [evidence("Trams went on strike.", 3.0, document_id="b")]
    shown = [sentence.text for sentence in compose(one, "en", NAMES, further=[other]).sentences]
    assert "Trams" in shown[1]
    assert all("ferries" in text for text in shown[:1] + shown[2:])


def test_a_part_without_evidence_leaves_its_words_to_the_other() -> None:
    found = [evidence(text, 9.0, document_id=text) for text in ("Trams went on strike.", "One thing happened.")]
    assert len(compose(found, "en", NAMES, further=[[]]).sentences) == 2


def test_a_single_long_sentence_is_still_shown() -> None:
    assert len(compose([evidence("word " * 200, 1.0)], "en", NAMES).sentences) == 1


def test_weak_sentences_are_left_out() -> None:
    draft = compose(
        [evidence("One thing happened.", 3.0), evidence("Trams went on strike.", 1.0, document_id="b")], "en", NAMES
    )
    assert len(draft.sentences) == 1


def test_the_same_statement_from_two_documents_is_shown_once() -> None:
    text = "The sides agreed to exchange prisoners in March."
    assert len(compose([evidence(text, 4.0), evidence(text, 3.0, document_id="b")], "en", NAMES).sentences) == 1


@pytest.mark.parametrize(("direction", "shown"), [(0.3, 1), (0.8, 2)])
def test_a_translation_is_shown_once(direction: float, shown: int) -> None:
    found = [
        evidence("The talks ended.", 4.0),
        evidence("Переговори завершились.", 3.0, document_id="b", language="uk", direction=direction),
    ]
    assert len(compose(found, "en", NAMES, translation_level=0.9).sentences) == shown


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
    document = Document(id="a", title="A", date=date, kind=kind, text=text)
    assert introduced(text, document, None, "en") == expected


def test_the_date_is_spelled_in_the_readers_language() -> None:
    document = Document(id="a", title="A", date=DAY, text="He left.")
    assert introduced("He left.", document, None, "uk") == "22 січня 2026: He left."
    assert introduced("He left.", document, None, "ru") == "22 января 2026: He left."


def sentences_of(text: str, *scores: tuple[str, float]) -> list[Evidence]:
    """One document's sentences that begin as given, with their scores."""
    document = Document(id="a", title="Title", date=DAY, kind="event", language="en", text=text)
    passage = Passage(Chunk("a", "a", 0, 0, len(text), text), document, 0.0)
    found = []
    for opening, score in scores:
        start = text.index(opening)
        span = Span(start, text.index(".", start) + 1)
        quote = text[span.start : span.end]
        sentence = Sentence(passage, span, quote, 0.5, np.array([1.0, 0.0], dtype=np.float32))
        found.append(Evidence(sentence, score, frozenset(quote.casefold().split())))
    return found


def test_a_sentence_that_goes_on_from_a_shown_one_follows_it_directly() -> None:
    text = "The permit covers oil at sea. It runs until spring. Other rules stay."
    found = sentences_of(text, ("The permit", 9.0), ("Other", 8.0), ("It runs", 7.0))
    shown = [sentence.text for sentence in compose(found, "en", NAMES).sentences]
    assert shown == [
        "22 January 2026: The permit covers oil at sea.",
        "It runs until spring.",
        "22 January 2026: Other rules stay.",
    ]


def test_whom_a_pronoun_means_stands_in_front_and_is_cited() -> None:
    filler = "The crowd of many hundreds listened in the cold " + "and waited " * 30 + "there."
    text = f"Macron spoke in Paris. {filler} He left at noon."
    (sentence,) = (draft := compose(sentences_of(text, ("He left", 9.0)), "en", NAMES)).sentences
    assert sentence.text == "Emmanuel Macron, 22 January 2026: He left at noon."
    assert [citation.quote for citation in draft.citations] == ["He left at noon.", "Macron spoke in Paris."]


def test_a_sentence_of_which_nobody_could_tell_whom_it_speaks_is_not_shown() -> None:
    text = "Macron met Merz in Paris.\n\nHe left at noon. The square was empty."
    shown = compose(sentences_of(text, ("He left", 9.0), ("The square", 8.0)), "en", NAMES).sentences
    assert [sentence.text for sentence in shown] == ["22 January 2026: The square was empty."]


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

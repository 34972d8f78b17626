"""Questions that ask for more than an answer, and those that only look like it, inside of an ordinary ask."""

from collections import Counter

import pytest

from index.text.names import load_names
from rag.assistant import Assistant
from rag.reading.position_questions import asked_positions
from rag.reading.wishes import Wish, asks_whose, wish_of
from rag.types import Question
from tests.questions.asked import is_listed, read, wish_in


def ask(assistant: Assistant, question: str, *history: str, **more: object):
    return assistant.ask(Question(question=question, history=history, **more), followups=False)


def test_the_set_covers_each_wish_in_three_languages() -> None:
    rows = read()
    wishes = Counter(row["wish"] for row in rows)
    assert len(rows) >= 40
    assert {row["language"] for row in rows} == {"en", "uk", "ru"}
    assert {"status", "sourcing", "quotes", "positions", "disagreements", "whose"} <= set(wishes)
    assert wishes[None] >= 10


@pytest.mark.parametrize("row", [row for row in read() if row["wish"]], ids=lambda row: row["id"])
def test_the_words_of_a_question_tell_what_it_asks_for(row: dict) -> None:
    assert wish_in(row) == row["wish"]


@pytest.mark.parametrize(
    "question",
    [
        "Who led the Russian team in Geneva?",
        "What did Moscow say about the open letter?",
        "What exactly is the Anchorage formula?",
        "How many sources of energy were spared?",
        "What does the status quo mean for Crimea?",
        "Що сказав Пєсков про лист?",
        "Кто подписал соглашение о недрах?",
    ],
)
def test_an_ordinary_question_asks_for_nothing_else(question: str) -> None:
    assert wish_of(question) is None
    assert not asks_whose(question)


@pytest.mark.parametrize("question", ["Who said that Donbas was the only question?", "Whose troops are in Donetsk?"])
def test_a_question_with_a_subject_of_its_own_is_not_about_the_answer_before(question: str) -> None:
    assert not asks_whose(question)


@pytest.mark.parametrize(
    ("question", "sides", "subject"),
    [
        ("What does Moscow want on Donbas?", {"moscow"}, "Donbas"),
        ("What is Kyiv's position on security guarantees?", {"kyiv"}, "security guarantees"),
        ("Яка позиція Вашингтона щодо виборів?", {"washington"}, "виборів"),
        ("Какова позиция Москвы по выводу войск?", {"moscow"}, "выводу войск"),
        ("Where do both sides stand on elections?", set(), "elections"),
    ],
)
def test_a_question_for_positions_names_who_and_on_what(question: str, sides: set[str], subject: str) -> None:
    asked = asked_positions(question, load_names())
    assert asked is not None
    assert asked.sides == sides
    assert subject in asked.topic


@pytest.mark.parametrize(
    "question",
    ["What does the 28-point plan say about NATO?", "What does the American plan say about elections?"],
)
def test_what_a_text_says_is_no_position(question: str) -> None:
    assert asked_positions(question, load_names()) is None


def test_a_status_is_told_in_the_words_of_the_documents_with_the_day_of_the_newest(assistant: Assistant) -> None:
    answer = ask(assistant, "What is the status of the prisoner exchange?")
    assert answer.text.startswith("The newest word in the documents is of 8 May 2026")
    assert answer.sentences[0].text.startswith("Agreed, 8 May 2026: ")
    assert is_listed(answer)


def test_a_quotation_is_given_verbatim_after_its_speaker(assistant: Assistant) -> None:
    answer = ask(assistant, "What precisely did Rubio say about whose court the ball was in?")
    first = answer.sentences[0]
    assert first.text == "Marco Rubio, 11 March 2025: “The ball is now in their court.”"
    assert "The ball is now in their court." in answer.citations[first.citations[0] - 1].quote


def test_one_sides_positions_are_only_that_sides(assistant: Assistant) -> None:
    answer = ask(assistant, "What does Moscow say on Donbas?")
    assert is_listed(answer)
    assert all(sentence.text.startswith("Moscow") for sentence in answer.sentences)


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("What does Moscow say about security guarantees?", "No statement on this by those you ask about was found."),
        ("Що каже Москва про гарантії безпеки?", "Заяви тих, про кого ви питаєте, на цю тему не знайдено."),
    ],
)
def test_words_of_others_are_not_given_as_those_of_the_side_that_is_asked_about(
    assistant: Assistant, question: str, line: str
) -> None:
    answer = ask(assistant, question)
    assert answer.text.startswith(line)
    assert "Zelensky" in answer.text


def test_sources_are_counted_and_one_that_is_not_found_is_not_made_up(assistant: Assistant) -> None:
    found = ask(assistant, "How many sources say that Rubio said the ball was now in their court?")
    assert found.text.startswith("Independent reports: ")
    none = ask(assistant, "How many sources say that Rubio said the talks in Geneva cost 400 dollars?")
    assert none.text.startswith("No report was found") or none.status == "abstained"


@pytest.mark.parametrize(
    ("question", "history", "speaker", "unnamed"),
    [
        ("According to whom?", "What did Rubio say in Jeddah about the ball?", "Marco Rubio", "the text names nobody"),
        ("За словами кого?", "Що сказав Рубіо у Джидді про м'яч?", "Марко Рубіо", "у тексті нікого не названо"),
        ("Кто это говорит?", "Что Рубио сказал в Джидде о мяче?", "Марко Рубио", "в тексте никто не назван"),
    ],
)
def test_whoever_said_it_is_told_from_the_answer_before(
    assistant: Assistant, question: str, history: str, speaker: str, unnamed: str
) -> None:
    answer = ask(assistant, question, history)
    before = ask(assistant, history)
    assert {(one.document_id, one.start) for one in answer.citations} & {
        (one.document_id, one.start) for one in before.citations
    }
    assert any(sentence.text.startswith(speaker) for sentence in answer.sentences)
    assert all(": " in sentence.text for sentence in answer.sentences)
    assert unnamed in answer.text or all(sentence.text[0].isupper() for sentence in answer.sentences)


def test_the_citations_that_were_given_count_before_those_of_a_new_answer(assistant: Assistant) -> None:
    other = ask(assistant, "What did Peskov say about the open letter?")
    answer = ask(assistant, "Who says so?", "What did Rubio say in Jeddah about the ball?", cited=other.citations)
    places = {(one.document_id, one.start) for one in other.citations}
    assert places & {(one.document_id, one.start) for one in answer.citations}
    assert {one.document_id for one in answer.citations} <= {one.document_id for one in other.citations}


def test_citations_whose_words_are_gone_are_left_out(assistant: Assistant) -> None:
    other = ask(assistant, "What did Peskov say about the open letter?")
    gone = tuple(one.model_copy(update={"quote": "never written"}) for one in other.citations)
    answer = ask(assistant, "Who says so?", "What did Rubio say in Jeddah about the ball?", cited=gone)
    assert "never written" not in answer.text


def test_without_a_question_before_it_is_an_ordinary_question(assistant: Assistant) -> None:
    answer = ask(assistant, "According to whom?")
    assert "published by" not in answer.text


@pytest.mark.parametrize(
    "question", ["What does Moscow say on Donbas?", "What is the status of the prisoner exchange?"]
)
def test_nothing_later_than_the_cut_off_is_told(assistant: Assistant, question: str) -> None:
    answer = ask(assistant, question, as_of="2025-12-31")
    assert answer.citations
    assert all(citation.date and str(citation.date) <= "2025-12-31" for citation in answer.citations)


def test_each_list_is_of_a_wish() -> None:
    assert {row["wish"] for row in read()} - {None, "whose"} <= set(Wish)

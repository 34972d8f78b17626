"""Questions to go on with: about the documents that were found, in the reader's language, and answered by them."""

import datetime as dt

import pytest

from index.text.names import load_names
from index.types import Document
from rag.answering.suggestions import MOST, MOST_TRIED, Suggestions
from rag.assistant import Assistant
from rag.types import AnswerEvent, Citation, Question

ASKED = [
    "What did Witkoff say in Davos about the last open issue?",
    "Хто брав участь у переговорах у Женеві?",
    "Что сказал Песков о территориях?",
]


def settled(assistant: Assistant, question: str) -> tuple[str, ...]:
    """The suggestions once every candidate has had its turn; each answer asks at least one."""
    for _ in range(MOST_TRIED):
        followups = assistant.ask(Question(question=question)).followups
    return followups


@pytest.mark.parametrize("question", ASKED)
def test_what_is_suggested_is_answered_and_is_not_what_was_asked(assistant: Assistant, question: str) -> None:
    followups = settled(assistant, question)
    assert 1 <= len(followups) <= MOST
    assert len(set(followups)) == len(followups)
    for followup in followups:
        assert followup != question
        assert assistant.ask(Question(question=followup)).status == "answered"


def test_suggestions_are_in_the_language_of_the_question(assistant: Assistant) -> None:
    english, ukrainian, russian = (settled(assistant, question) for question in ASKED)
    assert english
    assert ukrainian
    assert russian
    assert all(followup.isascii() for followup in english)
    assert all(followup.split()[0] in {"Що", "Хто"} for followup in ukrainian)
    assert all(followup.split()[0] in {"Что", "Кто"} for followup in russian)


def test_a_cut_off_holds_for_suggestions_too(assistant: Assistant) -> None:
    answer = assistant.ask(Question(question="What is the newest on a ceasefire?", as_of=dt.date(2025, 6, 30)))
    for followup in answer.followups:
        later = assistant.ask(Question(question=followup, as_of=dt.date(2025, 6, 30)))
        assert later.status == "answered"
        assert "2026" not in followup


def test_streaming_gives_the_same_suggestions(assistant: Assistant) -> None:
    followups = settled(assistant, ASKED[0])
    *_, last = assistant.stream(Question(question=ASKED[0]))
    assert isinstance(last, AnswerEvent)
    assert last.answer.followups == followups


def test_who_does_not_read_on_waits_for_no_suggestions(assistant: Assistant) -> None:
    settled(assistant, ASKED[0])
    assert assistant.ask(Question(question=ASKED[0]), followups=False).followups == ()


def document(identifier: str, person: str, text: str, kind: str = "event") -> Document:
    date = dt.date(2026, 1, 22)
    return Document(id=identifier, title="T", date=date, kind=kind, language="en", people=(person,), text=text)


class Cited:
    """Cites the whole of one document, whatever is asked, and counts how often."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.asked: list[str] = []

    def __call__(self, question: str) -> list[Citation]:
        self.asked.append(question)
        values = self.document.model_dump(include={"title", "date", "language"})
        end = len(self.document.text)
        return [
            Citation(
                marker=1,
                document_id=self.document.id,
                publisher=None,
                url=None,
                quote=self.document.text,
                start=0,
                end=end,
                **values,
            )
        ]


def after(question: str, language: str, one: Document, cited: Cited, suggestions: Suggestions | None = None):
    suggestions = suggestions or Suggestions(load_names(), longest_s=60)
    return suggestions.after(question, language, [one], cited, "version", None)


def test_a_name_and_its_verb_follow_the_language() -> None:
    spoken = document("d", "Olena Zelenska", "Olena Zelenska said that the schools stay open.")
    assert after("Школи?", "uk", spoken, Cited(spoken))[0] == "Що сказала Олена Зеленська 22 січня 2026 року?"
    assert after("Школы?", "ru", spoken, Cited(spoken))[0] == "Что сказала Елена Зеленская 22 января 2026 года?"
    assert after("Schools?", "en", spoken, Cited(spoken))[0] == "What did Olena Zelenska say on 22 January 2026?"


def test_nobody_is_asked_about_who_is_only_mentioned() -> None:
    silent = document("d", "Steve Witkoff", "Steve Witkoff flew to Moscow.")
    assert after("Planes?", "en", silent, Cited(silent)) == ("What happened on 22 January 2026?",)


def test_a_question_that_is_answered_from_elsewhere_is_not_suggested() -> None:
    spoken = document("d", "Steve Witkoff", "Steve Witkoff said that talks go on.")
    other = document("e", "Jared Kushner", "Jared Kushner said nothing.").model_copy(
        update={"date": dt.date(2026, 3, 3)}
    )
    assert after("Talks?", "en", spoken, Cited(other)) == ()


def test_who_was_asked_about_is_not_suggested_again() -> None:
    spoken = document("d", "Steve Witkoff", "Steve Witkoff said that talks go on.")
    assert all("Witkoff" not in followup for followup in after("What did Witkoff say?", "en", spoken, Cited(spoken)))


def test_a_candidate_is_asked_once_for_each_version_of_the_index() -> None:
    spoken = document("d", "Steve Witkoff", "Steve Witkoff said that talks go on.")
    suggestions, cited = Suggestions(load_names(), longest_s=60), Cited(spoken)
    first = after("Talks?", "en", spoken, cited, suggestions)
    asked = len(cited.asked)
    assert 0 < asked <= MOST_TRIED
    assert after("Talks?", "en", spoken, cited, suggestions) == first
    assert len(cited.asked) == asked
    suggestions.after("Talks?", "en", [spoken], cited, "another version", None)
    assert len(cited.asked) == 2 * asked


def test_out_of_time_one_candidate_is_asked_for_each_answer_and_the_choice_grows() -> None:
    spoken = document("d", "Steve Witkoff", "Steve Witkoff said that talks go on.")
    suggestions, cited = Suggestions(load_names(), longest_s=-1), Cited(spoken)
    sizes = []
    for number in (1, 2, 3):
        sizes.append(len(after("Talks?", "en", spoken, cited, suggestions)))
        assert len(cited.asked) == min(number, 2)
    assert sizes == [1, 2, 2]


@pytest.mark.parametrize(
    ("question", "offered"),
    [
        ("What did Steve Witkoff say about the talks?", True),
        ("What did Steve Witkoff say on 22 January 2026?", True),
        ("What did Jared Kushner say about the talks?", False),
        ("What did Steve Witkoff say on 23 January 2026?", False),
        ("Did Steve Witkoff speak of 20 points?", False),
        ("When did Steve Witkoff speak?", False),
    ],
    ids=["named", "dated", "another name", "another day", "another number", "no date is told"],
)
def test_what_is_proposed_is_offered_only_if_what_is_cited_holds_it(question: str, offered: bool) -> None:
    spoken = document("d", "Steve Witkoff", "Steve Witkoff said that talks go on.")
    assert Suggestions(load_names()).of([question], Cited(spoken)) == ((question,) if offered else ())


def test_what_is_proposed_is_not_offered_where_nothing_is_cited() -> None:
    assert Suggestions(load_names()).of(["Where are the talks?"], lambda question: []) == ()

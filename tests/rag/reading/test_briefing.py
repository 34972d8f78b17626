"""Briefings over the shipped documents: what they hold, what they leave out, and the questions that ask for one."""

import datetime as dt
from collections.abc import Callable

import pytest

from index.collection import Collection
from index.embedding import Embedder
from index.settings import Settings
from index.sync import sync
from index.text.names import Names, load_names
from rag.assistant import Assistant
from rag.reading.briefing import Brief, Briefing, Briefings
from rag.reading.briefing_questions import brief_of
from rag.reading.open_points import says_open
from rag.reading.wishes import Wish, wish_of
from rag.types import Question

TODAY = dt.date(2026, 6, 10)
CUT_OFF = dt.date(2025, 8, 20)


@pytest.fixture(scope="module")
def names() -> Names:
    return load_names()


@pytest.fixture(scope="module")
def briefings(names: Names) -> Briefings:
    return Briefings(names)


@pytest.fixture
def write(seed_collection: Collection, embedder: Embedder, briefings: Briefings) -> Callable[..., Briefing]:
    def written(topic: str, **more: dt.date) -> Briefing:
        with seed_collection.snapshot() as snapshot:
            return briefings.write(snapshot, embedder, Brief(topic, **more))

    return written


def test_a_subject_of_the_documents_fills_every_section(write: Callable[..., Briefing]) -> None:
    made = write("prisoner exchanges")
    assert made.state_of_play.status
    assert made.state_of_play.newest
    assert made.state_of_play.main
    assert {"kyiv", "moscow", "washington"} <= {side.side for side in made.positions}
    assert made.what_changed.changed
    assert made.open_points.disagreements
    assert made.quotes
    assert len(made.timeline) > 5
    days = [entry.first_day for entry in made.timeline]
    assert days == sorted(days)
    assert {one.document_id for one in made.citations} == {one.document_id for one in made.sources}


def test_each_citation_is_verbatim_and_numbered_once(
    write: Callable[..., Briefing], seed_collection: Collection
) -> None:
    made = write("гарантії безпеки")
    assert [one.marker for one in made.citations] == list(range(1, len(made.citations) + 1))
    assert len({(one.document_id, one.start, one.end) for one in made.citations}) == len(made.citations)
    with seed_collection.snapshot() as snapshot:
        for one in made.citations:
            assert snapshot.document(one.document_id).text[one.start : one.end] == one.quote


@pytest.mark.parametrize("topic", ["prisoner exchanges", "Steve Witkoff", "гарантії безпеки", "прекращение огня"])
def test_nothing_later_than_the_cut_off_is_in_it(write: Callable[..., Briefing], topic: str) -> None:
    made = write(topic, as_of=CUT_OFF)
    assert made.citations
    assert all(one.date is not None and one.date <= CUT_OFF for one in made.citations)
    assert all(entry.last_day <= CUT_OFF for entry in made.timeline)
    assert all(one.date <= CUT_OFF for one in made.sources)
    assert made.coverage.newest <= CUT_OFF
    told = [one.said_on for side in made.positions for one in side.positions]
    told += [one.day for one in [*made.state_of_play.status, *made.open_points.unsettled]]
    assert all(day is None or day <= CUT_OFF for day in told)


def test_what_changed_counts_from_the_day_that_is_given(write: Callable[..., Briefing]) -> None:
    since = dt.date(2026, 2, 1)
    made = write("prisoner exchanges", since=since)
    assert made.what_changed.since == since
    assert all(change.now.date >= since for change in made.what_changed.changed)
    assert all(change.before.date < since for change in made.what_changed.changed if change.before)


@pytest.mark.parametrize(
    ("topic", "missing"), [("Starlink terminals", True), ("cricket world cup", False), ("вакцинация от гриппа", False)]
)
def test_where_the_documents_are_silent_nothing_is_shown(
    write: Callable[..., Briefing], topic: str, missing: bool
) -> None:
    made = write(topic)
    assert made.silent
    assert made.citations == []
    assert bool(made.unmentioned) is missing


def test_an_empty_collection_is_silent(settings: Settings, embedder: Embedder, briefings: Briefings) -> None:
    sync(settings, embedder)
    with Collection(settings, embedder) as collection, collection.snapshot() as snapshot:
        made = briefings.write(snapshot, embedder, Brief("prisoner exchanges"))
    assert made.silent
    assert made.coverage.documents == 0


def test_a_person_is_quoted_and_not_only_mentioned(write: Callable[..., Briefing]) -> None:
    made = write("Rutte")
    assert made.quotes
    assert {one.speaker for one in made.quotes} == {"Mark Rutte"}


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("brief me on the Zaporizhzhia plant", "the Zaporizhzhia plant"),
        ("Could you give me a short briefing about security guarantees, please?", "security guarantees"),
        ("Склади, будь ласка, довідку про Запорізьку АЕС", "Запорізьку АЕС"),
        ("Коротка довідка про Умєрова", "Умєрова"),
        ("Введи мене в курс справ щодо обміну полоненими", "обміну полоненими"),
        ("Подготовь справку о замороженных активах", "замороженных активах"),
        ("Введите меня в курс дела по обмену пленными, пожалуйста", "обмену пленными"),
    ],
)
def test_a_question_for_a_briefing_names_its_subject(question: str, topic: str) -> None:
    assert wish_of(question) is Wish.BRIEFING
    assert brief_of(question, None, TODAY) == Brief(topic)


def test_a_question_for_a_briefing_may_name_days(names: Names) -> None:
    asked = brief_of("Brief me on prisoner exchanges since March 2026 as of 1 May 2026", dt.date(2026, 5, 1), TODAY)
    assert asked == Brief("prisoner exchanges", dt.date(2026, 5, 1), dt.date(2026, 3, 1))
    assert brief_of("brief me, please", None, TODAY) is None


@pytest.mark.parametrize(
    "question",
    [
        "What did the White House say at its briefing on Tuesday?",
        "Що сказав Пєсков на брифінгу про перемир'я?",
        "Что сообщил Песков на брифинге о перемирии?",
        "Give a brief answer: who led the Russians in Istanbul?",
        "Was there a brief truce at Easter?",
    ],
)
def test_a_briefing_that_is_spoken_of_is_not_asked_for(question: str) -> None:
    assert wish_of(question) is not Wish.BRIEFING


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Brief me on the Zaporizhzhia plant", "en"),
        ("Склади довідку про Запорізьку АЕС", "uk"),
        ("Подготовь справку о Запорожской АЭС", "ru"),
    ],
)
def test_the_short_answer_is_cited_and_points_to_the_whole(assistant: Assistant, question: str, language: str) -> None:
    answer = assistant.ask(Question(question=question), followups=False)
    assert answer.status == "answered"
    assert len(answer.sentences) >= 2
    pointer = {"en": "is under Briefing", "uk": "у вкладці «Довідка»", "ru": "во вкладке «Справка»"}[language]
    assert pointer in answer.text
    assert answer.briefing
    assert any("zaporizhzhia" in one.document_id for one in answer.citations)


def test_a_short_answer_where_the_documents_are_silent_is_an_abstention(assistant: Assistant) -> None:
    answer = assistant.ask(Question(question="Brief me on Starlink terminals"), followups=False)
    assert answer.status == "abstained"
    assert answer.briefing is None


def test_an_ordinary_answer_points_to_no_briefing(assistant: Assistant) -> None:
    assert assistant.ask(Question(question="Who led the Russians in Istanbul?"), followups=False).briefing is None


@pytest.mark.parametrize(
    ("sentence", "is_open"),
    [
        ("Who guards the bridge remains unresolved.", True),
        ("On Donbas there was no common understanding.", True),
        ("Щодо кордону сторони не домовилися.", True),
        ("Вопрос о границе остаётся открытым.", True),
        ("The delegations agreed on an exchange of prisoners.", False),
        ("The airport is open again.", False),
        ("Домовилися про обмін полоненими.", False),
    ],
)
def test_a_sentence_says_itself_that_something_is_open(sentence: str, is_open: bool) -> None:
    assert bool(says_open(sentence)) is is_open

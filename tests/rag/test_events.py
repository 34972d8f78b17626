"""Events found by their names among invented documents about fisheries, a merger, a climate conference and a quake."""

import datetime as dt
from pathlib import Path

import pytest

from index.documents.loading import load_paths
from index.text.names import Entity, Names
from index.text.sentences import split_sentences
from index.types import DocumentSummary
from rag.time.events import EventIndex, EventMatch

REFERENCE = dt.date(2024, 12, 31)
SEEDS = Path(__file__).parents[2] / "seeds"


def summary(
    document_id: str,
    title: str,
    date: str | None,
    places: tuple[str, ...] = (),
    people: tuple[str, ...] = (),
    topics: tuple[str, ...] = (),
    kind: str = "event",
    language: str = "en",
) -> DocumentSummary:
    return DocumentSummary(
        id=document_id,
        title=title,
        date=dt.date.fromisoformat(date) if date else None,
        kind=kind,
        language=language,
        people=people,
        places=places,
        topics=topics,
        sources=(),
        characters=100,
    )


FISH = ("fisheries-talks",)
DOCUMENTS = [
    summary("merger", "Aurora and Borealis announce a merger", "2024-02-01", ("London",), topics=("airlines",)),
    summary("oslo-1", "Oslo, 3-4 March 2024: first round on herring", "2024-03-03", ("Oslo",), topics=FISH),
    summary("bergen", "Bergen, 10 April 2024: exchange of sea maps", "2024-04-10", ("Bergen",), topics=FISH),
    summary("oslo-2", "Oslo, 2-3 May 2024: second round on herring", "2024-05-02", ("Oslo",), topics=FISH),
    summary(
        "oslo-2-uk",
        "Осло, 2–3 травня 2024 року: другий раунд щодо оселедця",
        "2024-05-02",
        ("Oslo",),
        topics=FISH,
        language="uk",
    ),
    summary("call", "Telephone call between Larsen and Eik", "2024-05-20", people=("Ada Larsen", "Jon Eik")),
    summary("reykjavik", "Reykjavik, 9 June 2024: third round on herring", "2024-06-09", ("Reykjavik",), topics=FISH),
    summary("quake", "Earthquake near Catania kills four", "2024-07-01", ("Catania",)),
    summary("visit", "Larsen visits New York", "2024-08-05", ("New York",), ("Ada Larsen",)),
    summary("lima-23", "Lima climate conference, November 2023", "2023-11-06", ("Lima",)),
    summary("lima-24", "Lima climate conference, November 2024", "2024-11-04", ("Lima",)),
    summary("lima-board", "Lima, 20 November 2024: the climate fund elects a board", "2024-11-20", ("Lima",)),
    summary("porto-1", "Porto, 1 September 2024: first port workshop and talks", "2024-09-01", ("Porto",)),
    summary("porto-2", "Porto, 8 September 2024: dockers walk out", "2024-09-08", ("Porto",)),
    summary("porto-3", "Porto, 15 September 2024: third port talks", "2024-09-15", ("Porto",)),
    summary("topic", "Fisheries talks in Oslo: an overview", "2024-12-30", ("Oslo",), topics=FISH, kind="topic"),
    summary("undated", "A second round in Oslo, some say", None, ("Oslo",)),
]


def place(entity_id: str, en: str, uk: str, ru: str) -> Entity:
    return Entity(id=entity_id, kind="place", label=en, en=(en,), uk=(uk,), ru=(ru,))


NAMES = Names(
    [
        place("oslo", "Oslo", "Осло", "Осло"),
        place("bergen", "Bergen", "Берген", "Берген"),
        place("reykjavik", "Reykjavik", "Рейк'явік", "Рейкьявик"),
        place("lima", "Lima", "Ліма", "Лима"),
        Entity(id="larsen", kind="person", label="Ada Larsen", en=("Larsen",), uk=("Ларсен",), ru=("Ларсен",)),
        Entity(id="eik", kind="person", label="Jon Eik", en=("Eik",), uk=("Ейк",), ru=("Эйк",)),
    ]
)


@pytest.fixture(scope="module")
def index() -> EventIndex:
    return EventIndex(DOCUMENTS, NAMES)


def shown(matches: list[EventMatch]) -> list[str]:
    return [f"{match.relation} {match.document_ids[0]}" for match in matches]


CASES = [
    # a place, a side
    ("What was agreed before Reykjavik?", ["before reykjavik"]),
    ("What changed after Bergen?", ["after bergen"]),
    ("What did she say in Catania?", ["during quake"]),
    ("What happened in New York?", ["during visit"]),
    ("What happened between Bergen and Reykjavik?", ["after bergen", "before reykjavik"]),
    ("Що було перед Бергеном?", ["before bergen"]),
    ("Що сталося після Рейк'явіка?", ["after reykjavik"]),
    ("між Бергеном і Рейк'явіком", ["after bergen", "before reykjavik"]),
    ("Что было до Бергена?", ["before bergen"]),
    ("между Бергеном и Рейкьявиком", ["after bergen", "before reykjavik"]),
    # several events at one place are all returned, in order of time
    ("before Oslo", ["before oslo-1", "before oslo-2"]),
    ("after the Lima conference", ["after lima-23", "after lima-24"]),
    ("the talks in Porto", ["during porto-1", "during porto-2", "during porto-3"]),
    # ordinals: of titles, in digits, in three languages
    ("Who led the second round in Oslo?", ["during oslo-2"]),
    ("Who led the 2nd round in Oslo?", ["during oslo-2"]),
    ("Who led round 2 in Oslo?", ["during oslo-2"]),
    ("after the third herring round", ["after reykjavik"]),
    ("the first round on herring", ["during oslo-1"]),
    ("Хто очолював другий раунд в Осло?", ["during oslo-2"]),
    ("після третього раунду в Рейк'явіку", ["after reykjavik"]),
    ("Кто вёл второй раунд в Осло?", ["during oslo-2"]),
    ("3-й раунд в Рейкьявике", ["during reykjavik"]),
    # ordinals: by order of time where titles do not count
    ("the second conference in Lima", ["during lima-24"]),
    ("the first meeting in Bergen", ["during bergen"]),
    # a series with a gap in its titles
    ("the second talks in Porto", ["during porto-2"]),
    # an ordinal that no event has
    ("the third round in Oslo", []),
    ("the fifth conference in Lima", []),
    # an ordinal that several series have
    ("the second round", ["during oslo-2", "during porto-2"]),
    # first and last
    ("the last round in Oslo", ["during oslo-2"]),
    ("the last conference in Lima", ["during lima-24"]),
    ("останній раунд в Осло", ["during oslo-2"]),
    ("последняя конференция в Лиме", ["during lima-24"]),
    # title words and people
    ("after the Aurora merger", ["after merger"]),
    ("before the merger", ["before merger"]),
    ("до злиття Aurora", ["before merger"]),
    ("after the Catania earthquake", ["after quake"]),
    ("after the Larsen-Eik call", ["after call"]),
    ("після розмови Ларсен з Ейком", ["after call"]),
    ("after the disastrous Bergen meeting", ["after bergen"]),
    # one after another
    ("the second round in Oslo and the round after that", ["during oslo-2", "during reykjavik"]),
    ("the second round in Oslo and the one before it", ["during oslo-2", "during oslo-1"]),
    ("другий раунд в Осло і наступний раунд", ["during oslo-2", "during reykjavik"]),
    ("the second round in Oslo and the following round", ["during oslo-2", "during reykjavik"]),
    ("following the Bergen meeting", ["after bergen"]),
    ("following Bergen", ["after bergen"]),
    # a date chooses
    ("the Lima conference of November 2023", ["during lima-23"]),
    ("the last round of April 2024", []),
    # no event
    ("before he left", []),
    ("before 3 March", []),
    ("after all", []),
    ("Who came first?", []),
    ("How many talks were there?", []),
    ("before the summit", []),
    ("Larsen said it", []),
    ("a new round of criticism", []),
    ("Коли вона приїхала до Бергена?", []),
    ("on the first day of March", []),
    ("the next round", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_phrase_leads_to_its_events(index: EventIndex, text: str, expected: list[str]) -> None:
    assert shown(index.resolve(text, REFERENCE)) == expected


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_surface_stands_where_it_is_said_to(index: EventIndex, text: str, expected: list[str]) -> None:
    for match in index.resolve(text, REFERENCE):
        assert text[match.span_start : match.span_end] == match.surface


def test_translations_are_one_event(index: EventIndex) -> None:
    (match,) = index.resolve("the second round in Oslo", REFERENCE)
    assert match.document_ids == ("oslo-2", "oslo-2-uk")


def test_event_lasts_as_long_as_its_title_says(index: EventIndex) -> None:
    (before,) = index.resolve("before the second round in Oslo", REFERENCE)
    (after,) = index.resolve("after the second round in Oslo", REFERENCE)
    assert before.window == (None, dt.date(2024, 5, 1))
    assert after.window == (dt.date(2024, 5, 4), None)


def test_event_after_the_reference_is_not_known(index: EventIndex) -> None:
    assert shown(index.resolve("the last round in Oslo", dt.date(2024, 4, 1))) == ["during oslo-1"]
    assert index.resolve("after Reykjavik", dt.date(2024, 4, 1)) == []


def test_round_after_that_is_seen_from_the_question_before(index: EventIndex) -> None:
    earlier = index.resolve("Who led the first round in Oslo?", REFERENCE)
    assert shown(index.resolve("And the next round?", REFERENCE, earlier)) == ["during oslo-2"]
    assert shown(index.resolve("А наступний раунд?", REFERENCE, earlier)) == ["during oslo-2"]
    assert shown(index.resolve("And how many in the one after that?", REFERENCE, earlier)) == ["during oslo-2"]
    assert shown(index.resolve("И на следующем?", REFERENCE, earlier)) == ["during oslo-2"]
    assert index.resolve("What was the next step?", REFERENCE, earlier) == []


def test_collection_without_dates_has_no_events() -> None:
    index = EventIndex([summary("undated", "Oslo: second round", None, ("Oslo",))], NAMES)
    assert index.events == []
    assert index.resolve("the second round in Oslo", REFERENCE) == []


def test_real_sentences_are_read_without_error_and_surfaces_hold() -> None:
    loaded = load_paths([SEEDS]).documents
    documents = [one.document for one in loaded]
    summaries = [DocumentSummary(**one.model_dump(exclude={"text"}), characters=len(one.text)) for one in documents]
    index = EventIndex(summaries)
    sentences = [one.text[span.start : span.end] for one in documents for span in split_sentences(one.text)]
    assert len(sentences) >= 500
    for sentence in sentences:
        for match in index.resolve(sentence, dt.date(2026, 6, 7)):
            assert sentence[match.span_start : match.span_end] == match.surface
            assert match.date <= match.last_day

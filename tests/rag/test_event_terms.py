"""Looking a term up gives the events that looking at each of them gives."""

from itertools import product
from pathlib import Path

import pytest

from index.documents.loading import load_paths
from index.types import DocumentSummary
from rag.time.event_terms import EarliestEvents, EventTerms, having
from rag.time.events import EventIndex

FIELDS = ("title_terms", "place_terms", "people_terms", "topic_terms", "headline_places")


@pytest.fixture(scope="module")
def events() -> EventIndex:
    loaded = [entry.document for entry in load_paths([Path("seeds")]).documents]
    return EventIndex(DocumentSummary(**one.model_dump(exclude={"text"}), characters=len(one.text)) for one in loaded)


def test_looking_up_finds_what_looking_at_each_finds(events: EventIndex) -> None:
    terms = sorted(set().union(*(event.terms for event in events.events)))[::5]
    index = EventTerms(events.events)
    for count in (0, 1, len(events.events) // 2, len(events.events)):
        earliest, plain = EarliestEvents(index, count), list(events.events[:count])
        assert list(earliest) == plain
        for term, fields in product([*terms, "nowhere"], [*((field,) for field in FIELDS), FIELDS[1:4]]):
            assert having(earliest, term, *fields) == having(plain, term, *fields)

"""Which events have a term, found without looking at each of them: a large collection has tens of thousands."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Literal, overload

from rag.time.event_types import Event

Field = Literal["title_terms", "place_terms", "people_terms", "topic_terms", "headline_places"]
_FIELDS: tuple[Field, ...] = ("title_terms", "place_terms", "people_terms", "topic_terms", "headline_places")


class EventTerms:
    """The terms of events that are in order of time. Built once, then only read."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = events
        self._positions: dict[Field, dict[str, list[int]]] = {field: defaultdict(list) for field in _FIELDS}
        for position, event in enumerate(events):
            for field in _FIELDS:
                for term in getattr(event, field):
                    self._positions[field][term].append(position)

    def having(self, term: str, fields: Sequence[Field], count: int) -> list[Event]:
        """Of the first `count` events those that have the term in one of the fields, in order."""
        found: set[int] = set()
        for field in fields:
            positions = self._positions[field].get(term, [])
            found.update(positions[: bisect_left(positions, count)])
        return [self.events[position] for position in sorted(found)]


class EarliestEvents(Sequence[Event]):
    """The first `count` events of an index."""

    def __init__(self, terms: EventTerms, count: int) -> None:
        self._terms = terms
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Event]:
        return islice(self._terms.events, self._count)

    @overload
    def __getitem__(self, index: int) -> Event: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Event]: ...
    def __getitem__(self, index: int | slice) -> Event | Sequence[Event]:
        return self._terms.events[: self._count][index]

    def having(self, term: str, *fields: Field) -> list[Event]:
        """Those that have the term in one of the fields, in order."""
        return self._terms.having(term, fields, self._count)


def having(events: Sequence[Event], term: str, *fields: Field) -> list[Event]:
    """Those of `events` that have the term in one of the fields, in order."""
    if isinstance(events, EarliestEvents):
        return events.having(term, *fields)
    return [event for event in events if any(term in getattr(event, field) for field in fields)]

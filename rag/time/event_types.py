"""What an event is, as the stages of `rag/time/events.py` share it. Leaf module."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Event:
    """Something that happened, with the terms that may name it.

    `ordinals` are those of its titles ("third round"), or of its place in a series. `headline_places` are the places
    that its title names or that its documents list first.
    """

    document_ids: tuple[str, ...]
    first_day: dt.date
    last_day: dt.date
    title_terms: frozenset[str]
    place_terms: frozenset[str]
    people_terms: frozenset[str]
    topic_terms: frozenset[str]
    headline_places: frozenset[str]
    ordinals: frozenset[int]

    @cached_property
    def terms(self) -> frozenset[str]:
        """Everything that may name it."""
        return self.title_terms | self.place_terms | self.people_terms | self.topic_terms

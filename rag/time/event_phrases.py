"""A phrase that may name events, read word by word: each word that events share narrows the choice.

"the Oval Office argument", "the second round in Abu Dhabi" and "третій тристоронній раунд" are phrases; a clause about
somebody who travels or speaks is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from rag.time import event_words
from rag.time.event_reading import Word
from rag.time.event_terms import having
from rag.time.event_types import Event

LONGEST_PHRASE = 16  # words: keeps the time for a text linear in its length
_GATHERINGS = frozenset(event_words.GATHERINGS)


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a phrase says of the events that it means.

    `events` fit it, in order of time, before `ordinal` chooses. `anchors` counts the words that few events share
    (places, title words), `people` the persons named. `step` is the way that "next", "previous", "after that" point.
    `points` says that it does so with no noun of its own ("the one after that", "and the next?"). `next_word` is the
    index of the first word after the phrase.
    """

    events: tuple[Event, ...]
    start: int
    end: int
    next_word: int
    kinds: tuple[str, ...] = ()
    ordinal: int | None = None
    is_last: bool = False
    step: Literal[-1, 0, 1] = 0
    place: bool = False
    anchors: int = 0
    people: int = 0
    points: bool = False

    @property
    def chooses(self) -> bool:
        """Whether it picks one of a series."""
        return self.ordinal is not None or self.is_last or self.step != 0

    def names_after_relation(self) -> bool:
        """Whether it is clear enough to stand after "before" or "after"."""
        if self.place or (self.kinds and (self.anchors or self.people or self.chooses)) or self.step:
            return True
        return self.anchors > 1 or (self.anchors + len(self.kinds) > 0 and len(self.events) == 1)

    def names_alone(self, located: bool) -> bool:
        """Whether it is clear enough by itself; `located` says that "in" or "at" stands before it."""
        if not self.kinds:
            return (self.place and located) or self.points
        pair = self.people > 1 or (self.people == 1 and self.kinds[-1] in event_words.OCCURRENCES)
        return self.place or self.anchors > 0 or self.chooses or pair


def phrase_at(
    words: Sequence[Word], index: int, events: Sequence[Event], common_terms: frozenset[str] = frozenset()
) -> Phrase | None:
    """The phrase that begins at `words[index]`, None where no word there names an event.

    `common_terms` stand in too many titles to tell events apart; they are read over.
    """
    return _Reader(words, index, events, common_terms).read()


@dataclass(slots=True)
class _Reader:
    """The state of reading one phrase."""

    words: Sequence[Word]
    index: int
    events: Sequence[Event]
    common_terms: frozenset[str]
    start: int | None = None
    end: int | None = None
    next_word: int = 0
    kinds: list[str] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    ordinal: int | None = None
    is_last: bool = False
    step: Literal[-1, 0, 1] = 0
    place: bool = False
    anchors: int = 0
    people: int = 0
    plural: bool = False
    pronoun: bool = False
    skipped: bool = False

    def read(self) -> Phrase | None:
        first = self.index
        while self.index < min(len(self.words), first + LONGEST_PHRASE):
            word = self.words[self.index]
            if (word.breaks and self.index > first) or not self._takes(word):
                break
            self.index += 1
        self._take_step_back()
        for kind in self.kinds:
            self._apply_gathering(kind)
        if self.start is None or self.end is None or (self.skipped and not self.kinds) or not self.events:
            return None
        return Phrase(
            tuple(self.events),
            self.start,
            self.end,
            self.next_word,
            tuple(self.kinds),
            self.ordinal,
            self.is_last,
            self.step,
            self.place,
            self.anchors,
            self.people,
            self.step != 0 and (self.pronoun or self.next_word == len(self.words)),
        )

    def _takes(self, word: Word) -> bool:
        folded = word.folded
        if event_words.BEFORE.fullmatch(folded) or event_words.AFTER.fullmatch(folded):
            return False
        if event_words.COUNTED.fullmatch(folded):
            return self.start is not None and not self.ordinal  # "the three-day truce", no "first day of the talks"
        if word.kind:
            return self._take_kind(word)
        if self._take_choice(word):
            return True
        if event_words.FILLER.fullmatch(folded) or event_words.AND.fullmatch(folded):
            return not event_words.AND.fullmatch(folded) or bool(self.pending or self.people)
        if event_words.ABOUT.fullmatch(folded):
            return bool(self.kinds) and self._subject_follows()
        if event_words.FUNCTION.fullmatch(folded):
            return False
        return self._take_person(word) if self._is_person(word) else self._take_term(word)

    def _accept(self, word: Word) -> bool:
        self.start = word.start if self.start is None else self.start
        self.end = word.end
        self.next_word = self.index + 1
        return True

    def _take_choice(self, word: Word) -> bool:
        """ "second", "last", "next" before the kind, and "one" for it."""
        if self.kinds:
            return False
        if word.ordinal:
            self.ordinal = word.ordinal
        elif event_words.LAST.fullmatch(word.folded):
            self.is_last = True
        elif event_words.NEXT.fullmatch(word.folded):
            self.step = 1
        elif event_words.PREVIOUS.fullmatch(word.folded):
            self.step = -1
        elif event_words.PRONOUN.fullmatch(word.folded):
            self.pronoun = True
        else:
            return False
        self.start = word.start if self.start is None else self.start
        if self.pronoun or self.step:
            self._accept(word)
        return True

    def _take_kind(self, word: Word) -> bool:
        kind = word.kind or ""
        narrowed = self.events
        for person in self.pending:
            narrowed = having(narrowed, person, "people_terms")
        if kind in event_words.OCCURRENCES:
            narrowed = having(narrowed, kind, "title_terms") or having(narrowed, kind, "topic_terms")
        if not narrowed:
            return False
        self.events = narrowed
        self.people += len(self.pending)
        self.pending.clear()
        self.kinds.append(kind)
        self.plural = self.plural or bool(event_words.PLURAL.fullmatch(word.folded))
        self._accept(word)
        following = self.words[self.index + 1] if self.index + 1 < len(self.words) else None
        if following and following.folded.isdigit() and len(following.folded) <= 2 and not following.breaks:
            self.ordinal = int(following.folded)
            self.index += 1
            self._accept(following)
        return True

    def _apply_gathering(self, kind: str) -> None:
        """Keeps the events that a gathering may be.

        "Talks" and "a meeting" are said of any, so that they decide nothing at a named place; "a round" is looked for
        in the titles, unless an ordinal says which is meant.
        """
        if kind not in event_words.GATHERINGS:
            return
        exact = having(self.events, kind, "title_terms")
        if exact and kind in event_words.SPECIFIC_GATHERINGS and not (self.plural or self.ordinal or self.step):
            self.events = exact
        elif not self.place:
            titled = [event for event in self.events if event.ordinals or event.title_terms & _GATHERINGS]
            if kind in event_words.SPECIFIC_GATHERINGS and not (self.plural or self.ordinal or self.step):
                titled = having(self.events, kind, "topic_terms")
            self.events = titled

    def _subject_follows(self) -> bool:
        following = self.words[self.index + 1] if self.index + 1 < len(self.words) else None
        return following is not None and not having(self.events, following.term, "place_terms")

    def _is_person(self, word: Word) -> bool:
        is_named = having(self.events, word.term, "people_terms")
        return bool(is_named) and not having(self.events, word.term, "place_terms")

    def _take_person(self, word: Word) -> bool:
        """A person waits for the kind ("the Trump-Putin call") unless "with" ties them to what stands before."""
        previous = self.words[self.index - 1].folded if self.index else ""
        if self.start is not None and self.end is not None and event_words.JOINS_PERSON.fullmatch(previous):
            narrowed = having(self.events, word.term, "people_terms")
            if not narrowed:
                return False
            self.events = narrowed
            self.people += 1
            return self._accept(word)
        if self.kinds or self.anchors:
            return False
        self.pending.append(word.term)
        self.start = word.start if self.start is None else self.start
        return True

    def _take_term(self, word: Word) -> bool:
        if word.term in self.common_terms:
            return True
        narrowed = _sharing(self.events, word.term)
        if narrowed:
            self.events = narrowed
            if any(word.term in event.place_terms for event in narrowed):
                self.place = True
                self.anchors += 1
            elif any(word.term in event.title_terms for event in narrowed):
                self.anchors += 1
            return self._accept(word)
        if word.term.startswith("@"):
            return not self.anchors and not self.kinds  # a country or a body before the kind: "the US-Ukraine session"
        if self.skipped or self.anchors or self.kinds or self.pending or self.start is not None or not word.folded:
            return False
        self.skipped = True  # one word that no title has: "the disastrous Anchorage summit"
        return True

    def _take_step_back(self) -> None:
        """ "the round after that", "the one before it"."""
        if self.end is None or self.index + 1 >= len(self.words):
            return
        relation, pointer = self.words[self.index], self.words[self.index + 1]
        if not event_words.BACK.fullmatch(pointer.folded) or relation.breaks:
            return
        if event_words.AFTER.fullmatch(relation.folded):
            self.step = 1
        elif event_words.BEFORE.fullmatch(relation.folded):
            self.step = -1
        else:
            return
        self.index += 1
        self._accept(pointer)


def _sharing(events: Sequence[Event], term: str) -> list[Event]:
    """The events that a term may name: those with the place in the headline, else in the title, else anywhere."""
    return (
        having(events, term, "headline_places")
        or having(events, term, "title_terms")
        or having(events, term, "place_terms", "topic_terms")
    )

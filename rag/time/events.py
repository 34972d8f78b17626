"""Events named in a question ("before Geneva", "the second round in Abu Dhabi"), found among a collection's documents.

An event is a dated document, or several where they are translations of one; its titles, places, people and topics say
what it may be called. Nothing is guessed: where a phrase fits several events, all are returned, in order of time.
"""

import datetime as dt
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Literal

from index.text.names import Names, load_names
from index.types import REFERENCE_KINDS, DocumentSummary
from rag.time import event_words
from rag.time.event_phrases import Phrase, phrase_at
from rag.time.event_reading import Word, read
from rag.time.event_terms import EarliestEvents, EventTerms
from rag.time.event_types import Event
from rag.time.expressions import Period, find_periods

Relation = Literal["before", "after", "during"]

# A term in more titles than this share of them (and than a few) tells no event from another.
COMMON_SHARE = 0.1
A_FEW = 3
# Words of a title by which nobody would know it.
_NOT_TELLING = (event_words.FUNCTION, event_words.FILLER, event_words.AND, event_words.COUNTED)
# A title's "14-15 December" says how long the event lasted, its "December 2025" only when it was.
_DAY_OF_MONTH = re.compile(r"(?<!\d)\d{1,2}(?!\d)")


@dataclass(frozen=True, slots=True)
class EventMatch:
    """An event that a phrase may mean; `surface == text[span_start:span_end]`.

    Several matches with one span are the several events that the phrase fits. `relation` says on which side of the
    event the text stands: before its `date`, after its `last_day`, or during it.
    """

    document_ids: tuple[str, ...]
    date: dt.date
    last_day: dt.date
    surface: str
    relation: Relation
    span_start: int
    span_end: int

    @property
    def window(self) -> tuple[dt.date | None, dt.date | None]:
        """The days that the text speaks of, first and last included; None is open."""
        if self.relation == "before":
            return None, self.date - dt.timedelta(days=1)
        if self.relation == "after":
            return self.last_day + dt.timedelta(days=1), None
        return self.date, self.last_day


class EventIndex:
    """The events of a collection, in order of time. Built once from its list of documents, then only read."""

    def __init__(self, documents: Iterable[DocumentSummary], names: Names | None = None) -> None:
        """`names` are the spellings that tie languages together; those that ship if not given."""
        self._names = names or load_names()
        documents = list(documents)
        self._compounds = _compound_places(documents, self._names)
        dated = sorted((one for one in documents if one.date and one.kind not in REFERENCE_KINDS), key=_identity)
        events = [
            _event(group, self._names, self._compounds)
            for _, alike in groupby(dated, key=_identity)
            for group in _translations(list(alike))
        ]
        self.events = _with_gaps_filled(sorted(events, key=lambda event: (event.first_day, event.document_ids)))
        self._common_terms = _common_terms(self.events)
        self._terms = EventTerms(self.events)

    def resolve(self, text: str, reference: dt.date, antecedents: Sequence[EventMatch] = ()) -> list[EventMatch]:
        """The events that `text` names, in order of the text and then of time; none begins after `reference`.

        `antecedents` are the matches of the question before, for "the round after that".
        """
        periods = find_periods(text, reference)
        words = _without(periods, read(text, self._names, self._compounds))
        known = EarliestEvents(self._terms, bisect_right(self.events, reference, key=lambda event: event.first_day))
        matches: list[EventMatch] = []
        index = 0
        while index < len(words):
            found = _phrases(words, index, known, self._common_terms)
            index = found[-1][0].next_word if found else index + 1
            for phrase, relation, start in found:
                pivots = _pivots(known, matches or antecedents)
                for event in _chosen(_in_periods(phrase, periods), known, pivots):
                    surface = text[start : phrase.end]
                    matches.append(
                        EventMatch(
                            event.document_ids, event.first_day, event.last_day, surface, relation, start, phrase.end
                        )
                    )
        return matches


def _identity(one: DocumentSummary) -> tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What translations of one document have in common."""
    return str(one.date), one.places, one.people, one.topics


def _translations(alike: list[DocumentSummary]) -> list[list[DocumentSummary]]:
    """One group where every document is in another language; else each stands alone."""
    return [alike] if len({one.language for one in alike}) == len(alike) else [[one] for one in alike]


def _compound_places(documents: Iterable[DocumentSummary], names: Names) -> frozenset[tuple[str, ...]]:
    """Places of several words that `names` does not know, as their terms."""
    places = {place for document in documents for place in document.places}
    terms = (tuple(word.term for word in read(place, names)) for place in places)
    return frozenset(one for one in terms if len(one) > 1)


def _event(documents: Sequence[DocumentSummary], names: Names, compounds: frozenset[tuple[str, ...]]) -> Event:
    date = documents[0].date
    assert date is not None, "undated documents are left out before"
    titles = [_without(find_periods(one.title, date), read(one.title, names, compounds)) for one in documents]
    spans = [
        (period.start, period.end)
        for one in documents
        for period in find_periods(one.title, date)
        if period.start and period.end and period.start <= date <= period.end and _DAY_OF_MONTH.search(period.surface)
    ]
    title_terms = frozenset(word.term for title in titles for word in title if not _is_function(word))
    places = [_terms(place, names, compounds) for place in documents[0].places]
    return Event(
        document_ids=tuple(sorted(one.id for one in documents)),
        first_day=min([date, *(start for start, _ in spans)]),
        last_day=max([date, *(end for _, end in spans)]),
        title_terms=title_terms,
        place_terms=frozenset().union(*places),
        people_terms=frozenset().union(*(_terms(person, names) for person in documents[0].people)),
        topic_terms=frozenset().union(*(_terms(topic, names) for topic in documents[0].topics)),
        headline_places=frozenset().union(*places[:1], *(place for place in places if place <= title_terms)),
        ordinals=frozenset(n for title in titles for n in _title_ordinals(title)),
    )


def _is_function(word: Word) -> bool:
    return any(words.fullmatch(word.folded) for words in _NOT_TELLING)


def _common_terms(events: Sequence[Event]) -> frozenset[str]:
    """Terms of many titles that are no place of an event: the countries at war, the word that every title has."""
    counts = Counter(term for event in events for term in event.title_terms)
    places = frozenset().union(*(event.place_terms for event in events))
    return frozenset(
        term for term, count in counts.items() if count > max(A_FEW, COMMON_SHARE * len(events)) and term not in places
    )


def _terms(text: str, names: Names, compounds: frozenset[tuple[str, ...]] = frozenset()) -> frozenset[str]:
    return frozenset(word.term for word in read(text, names, compounds))


def _title_ordinals(title: Sequence[Word]) -> Iterable[int]:
    """ "third direct round", "round 3": an ordinal up to three words before a gathering, or a number right after it."""
    for index, word in enumerate(title):
        if word.ordinal and any(after.kind in event_words.GATHERINGS for after in title[index + 1 : index + 5]):
            yield word.ordinal
        if (
            word.folded.isdigit()
            and len(word.folded) <= 2
            and index
            and title[index - 1].kind in event_words.GATHERINGS
        ):
            yield int(word.folded)


def _with_gaps_filled(events: list[Event]) -> list[Event]:
    """Gives an event the ordinal that its neighbours at the place leave for it (first, ?, third), and their words."""
    filled = {event.document_ids: event for event in events}
    for place in frozenset().union(*(event.headline_places for event in events)):
        there = [event for event in events if place in event.headline_places]
        numbered = [index for index, event in enumerate(there) if len(event.ordinals) == 1]
        for left, right in pairwise(numbered):
            first, last = next(iter(there[left].ordinals)), next(iter(there[right].ordinals))
            if last - first == right - left > 1:
                for index in range(left + 1, right):
                    event = filled[there[index].document_ids]
                    filled[event.document_ids] = replace(
                        event,
                        ordinals=frozenset({first + index - left}),
                        title_terms=event.title_terms | (there[left].title_terms & there[right].title_terms),
                    )
    return list(filled.values())


def _without(periods: Sequence[Period], words: Sequence[Word]) -> list[Word]:
    """The words outside the dates of a text: "March" must not lead to a title that happens to have it."""
    return [word for word in words if not any(p.span_start <= word.start < p.span_end for p in periods)]


def _phrases(
    words: Sequence[Word], index: int, events: Sequence[Event], common: frozenset[str]
) -> list[tuple[Phrase, Relation, int]]:
    """The phrases at a word, with their relation and where it starts; two after "between", else one or none."""
    word = words[index]
    if event_words.BETWEEN.fullmatch(word.folded):
        return _between(words, index, events, common)
    relation: Relation | None = None
    if event_words.BEFORE.fullmatch(word.folded) and not _is_journey(words, index):
        relation = "before"
    elif event_words.AFTER.fullmatch(word.folded) or _is_following(words, index):
        relation = "after"
    if relation:
        phrase = phrase_at(words, index + 1, events, common)
        return [(phrase, relation, word.start)] if phrase and phrase.names_after_relation() else []
    if _is_function(word):
        return []
    phrase = phrase_at(words, index, events, common)
    located = index > 0 and not word.breaks and bool(event_words.LOCATIVE.fullmatch(words[index - 1].folded))
    begins = phrase is not None and phrase.start == word.start
    return [(phrase, "during", phrase.start)] if phrase and begins and phrase.names_alone(located) else []


def _between(
    words: Sequence[Word], index: int, events: Sequence[Event], common: frozenset[str]
) -> list[tuple[Phrase, Relation, int]]:
    first = phrase_at(words, index + 1, events, common)
    if not first or not first.names_after_relation() or first.next_word >= len(words):
        return []
    if not event_words.AND.fullmatch(words[first.next_word].folded):
        return []
    last = phrase_at(words, first.next_word + 1, events, common)
    if not last or not last.names_after_relation():
        return []
    return [(first, "after", words[index].start), (last, "before", last.start)]


def _is_journey(words: Sequence[Word], index: int) -> bool:
    """Whether Ukrainian "до" leads somewhere ("приїхав до Женеви") and is no "before"."""
    return bool(index and words[index].folded == "до" and event_words.TRAVEL.match(words[index - 1].folded))


def _is_following(words: Sequence[Word], index: int) -> bool:
    """Whether "following" is a preposition: then an article or a name comes after it."""
    if not event_words.FOLLOWING.fullmatch(words[index].folded) or index + 1 == len(words):
        return False
    following = words[index + 1]
    return not following.folded or bool(event_words.ARTICLE.fullmatch(following.folded))


def _in_periods(phrase: Phrase, periods: Sequence[Period]) -> Phrase:
    """The phrase with only the events of a period that is part of it: "the Geneva talks of February 2026"."""
    for period in periods:
        adjoins = phrase.start <= period.span_start <= phrase.end + len(" which were held in ")
        if adjoins and period.relation == "during" and period.start and period.end:
            events = [one for one in phrase.events if one.first_day <= period.end and one.last_day >= period.start]
            phrase = replace(phrase, events=tuple(events))
    return phrase


def _pivots(events: Sequence[Event], antecedents: Sequence[EventMatch]) -> list[Event]:
    """The events that "that" points to: those of the last phrase."""
    ids = {match.document_ids for match in antecedents if match.span_start == antecedents[-1].span_start}
    return [event for event in events if event.document_ids in ids]


def _chosen(phrase: Phrase, events: Sequence[Event], pivots: Sequence[Event]) -> list[Event]:
    if phrase.step:
        found = {id(event): event for pivot in pivots for event in _neighbour(phrase, events, pivot)}
        return sorted(found.values(), key=lambda event: event.first_day)
    if phrase.ordinal is not None:
        return _numbered(phrase)
    if phrase.is_last:
        return list(phrase.events[-1:])
    return list(phrase.events)


def _numbered(phrase: Phrase) -> list[Event]:
    """The events that carry the ordinal; where their titles do not count, the one at that position."""
    assert phrase.ordinal is not None, "only phrases with an ordinal are numbered"
    titled = [event for event in phrase.events if phrase.ordinal in event.ordinals]
    titles_count = any(number > 1 for event in phrase.events for number in event.ordinals)
    if titled or titles_count or not (phrase.place or phrase.anchors or phrase.people):
        return titled
    return list(phrase.events[phrase.ordinal - 1 : phrase.ordinal])


def _neighbour(phrase: Phrase, events: Sequence[Event], pivot: Event) -> list[Event]:
    """The next event of the kind that is spoken of, or the one before; of the pivot's own series where it has one."""
    pool = list(phrase.events)
    if not phrase.kinds and not phrase.anchors:
        own = pivot.title_terms & (event_words.GATHERINGS.keys() | event_words.OCCURRENCES.keys())
        pool = [event for event in events if event.title_terms & own]
    if phrase.step > 0:
        pool = [event for event in pool if event.first_day > pivot.last_day]
    else:
        pool = [event for event in reversed(pool) if event.last_day < pivot.first_day]
    related = [event for event in pool if event.topic_terms & pivot.topic_terms] or pool
    following = [event for event in related if any(number + phrase.step in event.ordinals for number in pivot.ordinals)]
    return (following or related)[:1]

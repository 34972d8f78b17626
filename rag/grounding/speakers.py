"""Who says what in a sentence, by reporting verbs and their subjects, and who does what to whom.

Words are data (rag/data/speech.yaml). Subjects that are pronouns are looked for in the sentences before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import yaml

from index.text.names import Names
from rag.grounding.phrases import Phrases
from rag.grounding.reading import Sentence, Word

DATA = Path(__file__).parents[1] / "data" / "speech.yaml"
FARTHEST_BEFORE = 10  # words between a subject and its verb
FARTHEST_AFTER = 6
SENTENCES_BACK = 2  # in which the name behind a pronoun is looked for


@dataclass(frozen=True, slots=True)
class Attribution:
    """A reporting word, by position among the words, and who is named as its subject; nobody for a pronoun."""

    position: int
    speakers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Named:
    """A name at a word of a sentence: an entity's id, or the skeleton of an unlisted one after a `~`."""

    position: int
    id: str
    is_person: bool


def attributions(sentence: Sentence, names: Names) -> list[Attribution]:
    """Who says something in a sentence, in order; an empty set of speakers stands for a pronoun."""
    table, words, named = _table(), sentence.words, names_in(sentence, names)
    found: list[Attribution] = []
    earliest = 0
    for position, _ in enumerate(words):
        if length := table.according.length(words, position):
            after = [n for n in named if position + length <= n.position < position + length + FARTHEST_AFTER]
            speakers = _people(n for n in after if words[n.position].clause == words[position].clause)
        elif table.verbs.length(words, position):
            speakers = _subject(sentence, named, position, earliest)
        else:
            continue
        if speakers is not None:
            found.append(Attribution(position, speakers))
            earliest = position + 1
    return found


def speaker_differs(claim: Sentence, held: Sentence, before: Sequence[Sentence], names: Names) -> bool:
    """Whether the claim lets somebody say what somebody else says in its source.

    `before` are the sentences in front of `held`, nearest last. Where the source does not tell, nothing differs.
    """
    ours = frozenset().union(*(each.speakers for each in attributions(claim, names)))
    if not ours:
        return False
    told = attributions(held, names)
    if not told:
        return False
    theirs = frozenset().union(*(each.speakers or _people_before(before, names) for each in told))
    return bool(theirs) and not _overlap(ours, theirs)


def roles_exchanged(claim: Sentence, held: Sentence, names: Names) -> bool:
    """Whether a claim in English has two names on the two sides of a verb the other way round than its source."""
    ours, theirs = _around_verbs(claim, names), _around_verbs(held, names)
    return any((verb, other, one) in theirs and (verb, one, other) not in theirs for verb, one, other in ours)


def names_in(sentence: Sentence, names: Names) -> list[Named]:
    """The names of a sentence by the word at which they end."""
    ends = {word.end: position for position, word in enumerate(sentence.words)}
    found = []
    for mention in sentence.mentions:
        position = next((p for end, p in ends.items() if mention.start < end and end >= mention.end), None)
        if position is not None:
            found.append(Named(position, mention.entity_id, names.entity(mention.entity_id).kind == "person"))
    found += [
        Named(position, f"~{word.skeleton}", is_person=True)
        for position, word in enumerate(sentence.words)
        if word.is_proper
    ]
    return sorted(found, key=lambda each: each.position)


def is_reporting(word: Word) -> bool:
    """Whether a word by itself says that somebody says something."""
    return bool(_table().verbs.length([word], 0))


def stands_for(one: str, other: str) -> bool:
    """Whether one name is often put for the other: a capital for its country, a spokesman for his office."""
    table = _table().speaks_for
    return one == other or other in table.get(one, ()) or one in table.get(other, ())


def _subject(sentence: Sentence, named: Sequence[Named], verb: int, earliest: int) -> frozenset[str] | None:
    """Who is named before the verb, or right after it; an empty set for a pronoun, None where nobody is."""
    words = sentence.words
    clause = words[verb].clause
    lowest = max(earliest, verb - FARTHEST_BEFORE)
    same = [n for n in named if lowest <= n.position < verb and words[n.position].clause == clause]
    if same:
        return _people(same)
    if any(word.folded in _table().pronouns and word.clause == clause for word in words[lowest:verb]):
        return frozenset()
    after = [n for n in named if verb < n.position <= verb + FARTHEST_AFTER and words[n.position].clause == clause]
    if after:
        return _people(after[:2])
    near = [n for n in named if lowest <= n.position < verb and words[n.position].clause >= clause - 2]
    return _people(near) if near else None


def _people(named: Iterable[Named]) -> frozenset[str]:
    found = list(named)
    return frozenset(each.id for each in found if each.is_person) or frozenset(each.id for each in found)


def _people_before(before: Sequence[Sentence], names: Names) -> frozenset[str]:
    return frozenset().union(*(_people(names_in(sentence, names)) for sentence in before[-SENTENCES_BACK:]))


def _overlap(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    others = list(theirs)
    return any(stands_for(one, other) for one in ours for other in others)


def _around_verbs(sentence: Sentence, names: Names) -> set[tuple[str, str, str]]:
    """(term, name before it, name after it) for names next to one another; none where the voice is passive."""
    named, words = names_in(sentence, names), sentence.words
    found = set()
    for one, other in pairwise(named):
        between = words[one.position + 1 : other.position]
        if any(word.folded in ("by", "and", "or", "with") for word in between):
            continue
        found |= {(word.term, one.id, other.id) for word in between if word.term and word.is_free}
    return found


@dataclass(frozen=True)
class _Table:
    """What `data/speech.yaml` holds."""

    verbs: Phrases
    according: Phrases
    pronouns: frozenset[str]
    speaks_for: dict[str, list[str]]


@lru_cache(maxsize=1)
def _table() -> _Table:
    data = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return _Table(
        Phrases(data["verbs"].split()),
        Phrases(data["according"].split()),
        frozenset(data["pronouns"].split()),
        data["speaks_for"],
    )

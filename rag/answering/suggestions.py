"""Questions to go on with: made from the documents that were found, and offered only when those documents answer them.

Each is asked of the extractive answerer before a reader sees it, those that a language model proposes too
(`rag.generation.suggesting`). Without a model they are made from templates. A question takes as long to ask as the
one before it took to answer, so that few are asked for one answer, and what came of it is remembered.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.text.dates import spell_date
from index.text.entities import Entity
from index.text.lexical import tokenize
from index.text.names import Names
from index.text.sentences import split_sentences
from index.types import REFERENCE_KINDS, Document
from rag.answering.answer_type import AnswerType, expected_answer, holds_answer
from rag.grounding import missing_facts
from rag.types import Citation

MOST = 3
_MOST_SPEAKERS = 2  # of one document
_DOCUMENTS_READ = 8  # the nearest ones
_CHARS_READ = 20_000  # of one document
MOST_TRIED = 5  # candidates that are looked at for one answer
# After so long no further candidate is asked that was not asked before: one pass takes 45 ms of processor time over
# the seeds, and the answer itself 42 (median of 14 questions of tests/questions/core.jsonl). Three in five hold.
LONGEST_S = 0.03
ASKED_ALWAYS = 1  # even so, at each answer
ASKED_FOR_ONE = 2  # while there is no suggestion at all
_MOST_REMEMBERED = 10_000

_TEMPLATES = {
    "en": {
        "said": "What did {name} say on {date}?",
        "happened": "What happened on {date}?",
        "who": "Who is {name}?",
    },
    "uk": {
        "said": "Що сказав {name} {date} року?",
        "said_f": "Що сказала {name} {date} року?",
        "happened": "Що сталося {date} року?",
        "who": "Хто такий {name}?",
        "who_f": "Хто така {name}?",
    },
    "ru": {
        "said": "Что сказал {name} {date} года?",
        "said_f": "Что сказала {name} {date} года?",
        "happened": "Что произошло {date} года?",
        "who": "Кто такой {name}?",
        "who_f": "Кто такая {name}?",
    },
}

Cited = Callable[[str], Sequence[Citation]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that `document` may answer; `entity` is the person it is about, if it is about one."""

    text: str
    kind: str
    document: Document
    entity: Entity | None = None


class Suggestions:
    """Remembers which candidates were answered, for each version of the index.

    One candidate that is not known yet is always asked, or two to find any; others while `longest_s` is not over. So
    the choice for a question may be small at first, and grows when it or its like are asked again.
    """

    def __init__(self, names: Names, longest_s: float = LONGEST_S) -> None:
        self._names = names
        self._longest_s = longest_s
        self._known_speakers: dict[tuple[str, int], frozenset[str]] = {}
        self._answered: dict[tuple[str, str, dt.date | None], bool] = {}

    def after(
        self,
        question: str,
        language: str,
        documents: Sequence[Document],
        cited: Cited,
        index_version: str,
        as_of: dt.date | None,
    ) -> tuple[str, ...]:
        """At most MOST questions in `language` about `documents`, the nearest first; none repeats `question`.

        `cited` gives what the extractive answerer would cite for a question, up to `as_of`.
        """
        chosen: list[Candidate] = []
        tried = 0
        asked = 0
        give_up_at = time.perf_counter() + self._longest_s
        for candidate in self._candidates(question, language, documents):
            if len(chosen) == MOST or tried == MOST_TRIED:
                break
            if any(_alike(candidate, other) for other in chosen):
                continue
            tried += 1
            key = (candidate.text, index_version, as_of)
            if key not in self._answered:
                at_least = ASKED_ALWAYS if chosen else ASKED_FOR_ONE
                if asked >= at_least and time.perf_counter() > give_up_at:
                    continue
                asked += 1
            if self._is_answered(candidate, cited, key):
                chosen.append(candidate)
        return tuple(candidate.text for candidate in chosen)

    def of(self, proposed: Iterable[str], cited: Cited) -> tuple[str, ...]:
        """The first MOST of the `proposed` questions that the documents answer: what is cited is of the kind that is
        asked for, and holds every name, number and date of the question."""
        chosen: list[str] = []
        for question in proposed:
            if len(chosen) == MOST:
                break
            if self._bears(question, cited(question)):
                chosen.append(question)
        return tuple(chosen)

    def _bears(self, question: str, citations: Sequence[Citation]) -> bool:
        expects = expected_answer(question)
        if not any(holds_answer(expects, one.quote, question, self._names) for one in citations):
            return False
        told = "\n\n".join(
            f"{one.title}. {one.date.isoformat() if one.date else ''}\n\n{one.quote}" for one in citations
        )
        return not missing_facts(question, told, self._names)

    def _candidates(self, question: str, language: str, documents: Sequence[Document]) -> Iterator[Candidate]:
        """A document's first candidate before any document's second, so that the choice is wide."""
        asked = set(tokenize(question, self._names))
        groups = [list(self._about(document, language, asked)) for document in documents[:_DOCUMENTS_READ]]
        for rank in range(max(map(len, groups), default=0)):
            yield from (group[rank] for group in groups if rank < len(group))

    def _about(self, document: Document, language: str, asked: set[str]) -> Iterator[Candidate]:
        """What may be asked about one document; persons that `asked` names come up no further."""
        people = [entity for entity in self._people(document.people) if f"@{entity.id}" not in asked]
        if document.kind == "person":
            yield from (_candidate("who", document, language, entity) for entity in people[:1])
        elif document.date and document.kind not in REFERENCE_KINDS:
            speakers = self._speakers(document)
            quoted = [entity for entity in people if entity.id in speakers]
            yield from (_candidate("said", document, language, entity) for entity in quoted[:_MOST_SPEAKERS])
            if not asked.issuperset(tokenize(spell_date(document.date, language), self._names)):
                yield _candidate("happened", document, language)

    def _speakers(self, document: Document) -> frozenset[str]:
        """The ids of those who are named in a sentence of the document that reports speech."""
        text = document.text[:_CHARS_READ]
        key = (document.id, hash(text))
        if key not in self._known_speakers:
            _make_room(self._known_speakers)
            sentences = (text[span.start : span.end] for span in split_sentences(text))
            spoken = (sentence for sentence in sentences if holds_answer(AnswerType.SPEECH, sentence, "", self._names))
            named = (mention.entity_id for sentence in spoken for mention in self._names.find(sentence))
            self._known_speakers[key] = frozenset(named)
        return self._known_speakers[key]

    def _people(self, labels: Iterable[str]) -> Iterator[Entity]:
        for label in labels:
            for mention in self._names.find(label)[:1]:
                entity = self._names.entity(mention.entity_id)
                if entity.kind == "person":
                    yield entity

    def _is_answered(self, candidate: Candidate, cited: Cited, key: tuple[str, str, dt.date | None]) -> bool:
        if key not in self._answered:
            _make_room(self._answered)
            self._answered[key] = self._ask(candidate, cited)
        return self._answered[key]

    def _ask(self, candidate: Candidate, cited: Cited) -> bool:
        """Whether what is cited is of that day, or about that person, or that person's words of that day."""
        citations = cited(candidate.text)
        match candidate.kind:
            case "happened":
                return bool(citations) and citations[0].date == candidate.document.date
            case "who":
                return bool(citations) and self._names_person(citations[0].quote, candidate)
            case _:
                same_day = (one for one in citations if one.date == candidate.document.date)
                return any(self._quotes_person(one.quote, candidate) for one in same_day)

    def _names_person(self, text: str, candidate: Candidate) -> bool:
        return candidate.entity.id in {mention.entity_id for mention in self._names.find(text)}

    def _quotes_person(self, text: str, candidate: Candidate) -> bool:
        return holds_answer(AnswerType.SPEECH, text, "", self._names) and self._names_person(text, candidate)


def _candidate(kind: str, document: Document, language: str, entity: Entity | None = None) -> Candidate:
    templates = _TEMPLATES[language]
    template = templates.get(f"{kind}_f") if entity and entity.feminine else None
    text = (template or templates[kind]).format(
        name=_spoken_name(entity, language) if entity else "",
        date=spell_date(document.date, language) if document.date else "",
    )
    return Candidate(text, kind, document, entity)


def _spoken_name(entity: Entity, language: str) -> str:
    """First name and family name as the language writes them; the label where the data has no such spelling."""
    spellings = getattr(entity, language)
    if language == "en" or not spellings:
        return entity.label
    family = spellings[0].split("/")[0].rstrip("=*")
    given = entity.given.get(language, ())
    return f"{given[0]} {family}" if given else family


def _make_room(known: dict) -> None:
    if len(known) >= _MOST_REMEMBERED:
        known.clear()


def _alike(one: Candidate, other: Candidate) -> bool:
    """Whether two would make a dull choice: the same person, or two days."""
    return one.text == other.text or one.entity == other.entity

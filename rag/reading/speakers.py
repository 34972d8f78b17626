"""Who is meant by the "he" that speaks: the name comes from the sentences before, or from what the page is about."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from index.text.names import Names
from index.text.sentences import paragraph_ends_between, split_sentences
from index.types import Document, Span
from rag.reading.attribution import Attribution, Pronoun, Speaker, acts, attributions, opening, people, speaker_of
from rag.reading.words import MARKED, Sentence, read_sentence, table

FARTHEST = 6  # sentences back in which a name is looked for


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: the entities, or the document's own words for them; `named_at` is the sentence that names them.

    None for `named_at` where the sentence itself does, or the title of the page.
    """

    entity_ids: tuple[str, ...]
    label: str
    named_at: Span | None = None


class Spoken:
    """A document sentence by sentence, each read when it is needed; a quotation of several sentences stays whole."""

    def __init__(self, document: Document, names: Names) -> None:
        self.document = document
        self._names = names
        self._read: dict[int, tuple[Sentence, list[Attribution]]] = {}

    @cached_property
    def quotations(self) -> list[tuple[Span, Span]]:
        """Each quotation with its marks, and what stands between them, in order."""
        found = []
        for match in MARKED.finditer(self.document.text):
            group = next(number for number in range(1, 5) if match.group(number) is not None)
            if "\n\n" not in match.group():
                found.append((Span(*match.span()), Span(*match.span(group))))
        return found

    @cached_property
    def spans(self) -> list[Span]:
        """The sentences in order."""
        spans: list[Span] = []
        bridging = iter([outer for outer, _ in self.quotations])
        outer = next(bridging, None)
        for span in split_sentences(self.document.text):
            while outer and spans and outer.end <= spans[-1].end:
                outer = next(bridging, None)
            if outer and spans and outer.start < spans[-1].end < outer.end and span.start < outer.end:
                spans[-1] = Span(spans[-1].start, span.end)
            else:
                spans.append(span)
        return spans

    @cached_property
    def _starts(self) -> list[int]:
        return [span.start for span in self.spans]

    def index_at(self, offset: int) -> int:
        """The number of the sentence that an offset of the document lies in."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def sentence(self, index: int) -> Sentence:
        return self._reading(index)[0]

    def attributions(self, index: int) -> list[Attribution]:
        """Who speaks in a sentence, in order."""
        return self._reading(index)[1]

    def voice(self, index: int, speaker: Speaker) -> Voice | None:
        """Who a speaker of that sentence is; None for a pronoun that could be several."""
        sentence = self.sentence(index)
        if speaker.pronoun is None:
            label = sentence.surface(speaker.span.start, speaker.span.end)
            return self._voice(speaker, label, None)
        if speaker.pronoun == "they":
            return None
        before = [
            each.speaker
            for each in self.attributions(index)
            if each.span.end <= speaker.span.start and each.speaker and not each.is_according
        ]
        for other in reversed(before):
            if self._agrees(other, speaker.pronoun):
                return self._voice(other, "", None)
        begins = opening(sentence, len(sentence.words), self._names)
        if begins and begins.span.start < speaker.span.start and self._agrees(begins, speaker.pronoun):
            return self._voice(begins, "", None)
        return self._from_before(index, speaker.pronoun)

    def starts_paragraph(self, index: int) -> bool:
        """Whether no sentence is before it, or a paragraph ends there."""
        return index == 0 or paragraph_ends_between(
            self.document.text, self.spans[index - 1].end, self.spans[index].start
        )

    def _from_before(self, index: int, pronoun: Pronoun) -> Voice | None:
        """The last who spoke, or the only person named, in the nearest sentence that names anybody."""
        subject = self._page_subject(pronoun)
        for earlier in range(index - 1, max(-1, index - 1 - FARTHEST), -1):
            if subject and self.starts_paragraph(earlier + 1):
                break  # on a page about a person a paragraph that begins with "he" begins with that person
            sentence = self.sentence(earlier)
            spoke = [each.speaker for each in self.attributions(earlier) if each.speaker and not each.is_according]
            fitting = [one for one in spoke if self._agrees(one, pronoun)]
            if fitting and len({one.entity_ids for one in fitting}) == 1:
                return self._voice(fitting[-1], "", sentence.span)
            named = {one for one in people(sentence, self._names) if self._is_of(one, pronoun)}
            begins = opening(sentence, len(sentence.words), self._names)
            if begins and self._agrees(begins, pronoun):
                return self._voice(begins, "", sentence.span)
            he = next((i for i, w in enumerate(sentence.words) if table().pronouns.get(w.folded) == pronoun), None)
            acting = [n for n in sentence.namings if n.entity_id in named and acts(sentence, n)]
            if he is not None and not (acting and acting[0].first < he):
                continue  # he was spoken of there already
            if len(named) == 1 and acting:
                return self._voice(speaker_of(sentence, acting[0]), "", sentence.span)
            if named:
                return None
        return Voice((subject,), self._names.entity(subject).label) if subject else None

    def _page_subject(self, pronoun: Pronoun) -> str | None:
        """The only person in the title of a page about one."""
        if self.document.kind != "person":
            return None
        titled = {
            mention.entity_id
            for mention in self._names.find(self.document.title)
            if self._names.entity(mention.entity_id).kind == "person"
        }
        return next(iter(titled)) if len(titled) == 1 and self._is_of(next(iter(titled)), pronoun) else None

    def _voice(self, speaker: Speaker, label: str, named_at: Span | None) -> Voice:
        labels = [self._names.entity(entity).label for entity in speaker.entity_ids]
        return Voice(speaker.entity_ids, ", ".join(labels) or " ".join(label.split()), named_at)

    def _agrees(self, speaker: Speaker, pronoun: Pronoun) -> bool:
        return len(speaker.entity_ids) == 1 and self._is_of(speaker.entity_ids[0], pronoun)

    def _is_of(self, entity_id: str, pronoun: Pronoun) -> bool:
        entity = self._names.entity(entity_id)
        return entity.kind == "person" and entity.feminine == (pronoun == "she")

    def _reading(self, index: int) -> tuple[Sentence, list[Attribution]]:
        if index not in self._read:
            sentence = read_sentence(self.document.text, self.spans[index], self._names)
            self._read[index] = (sentence, attributions(sentence, self._names))
        return self._read[index]

"""An answer as a list: lines of exact words, each with its citation, in an order that is not the model's to choose."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.text.entities import spelled
from index.text.names import Names
from rag.answering.extractive import Draft, evidence_of, without_marks
from rag.grounding import support
from rag.reading.quoted import Quoted
from rag.types import AnswerSentence, Citation


@dataclass(frozen=True, slots=True)
class ListedLine:
    """`label` is what Parley says of it, `words` the document's, which stand at the first of `places`."""

    label: str
    words: str
    places: tuple[Quoted, ...]


def listed_line(label: str, quoted: Quoted, subject: str | None = None) -> ListedLine:
    """The whole quote, after whom it calls "he"."""
    words = without_marks(quoted.quote)
    return ListedLine(label, f"{subject}: {words}" if subject else words, (quoted,))


def voice_name(entity_ids: Sequence[str], label: str, names: Names, language: str) -> str:
    """Who speaks, as the reader's language spells it; in the document's words where the names data knows nobody."""
    return ", ".join(spelled(names.entity(one), language) for one in entity_ids) or label


def listed_draft(lines: Sequence[ListedLine], preface: str = "") -> Draft:
    """The lines as an answer; without lines there is none, whatever the preface."""
    sentences: list[AnswerSentence] = []
    citations: list[Citation] = []
    fields = set(Citation.model_fields)
    for line in lines:
        first = len(citations) + 1
        cited = [
            Citation(marker=first + at, **place.model_dump(include=fields)) for at, place in enumerate(line.places)
        ]
        score = support(" ".join(map(evidence_of, cited)), line.words)
        markers = tuple(citation.marker for citation in cited)
        sentences.append(AnswerSentence(text=f"{line.label}: {line.words}", citations=markers, support=score))
        citations += cited
    return Draft(tuple(sentences), tuple(citations), preface if lines else "", listed=True)

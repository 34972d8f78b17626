"""What the model is given to answer from: numbered passages, cut to fit its window, each between fences.

The same sentences, and no others, are what its claims are checked against.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.text.dates import spell_date
from index.types import Document, Span
from rag.generation.budget import estimate_tokens, run_that_fits
from rag.generation.instructions import speaks_to_model, withheld_spans
from rag.generation.prompts import fenced
from rag.retrieval.reranking import Reranked, Sentence

_LONGEST_PART = 200  # characters of a title or publisher


@dataclass(frozen=True, slots=True)
class Material:
    """A numbered passage as the model sees it: consecutive sentences of one document. Numbers start at 1."""

    number: int
    document: Document
    heading: str
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """The words of the passage."""
        return self.document.text[self.sentences[0].span.start : self.sentences[-1].span.end]

    def shown(self, fence: str) -> str:
        """The passage between its fences."""
        return fenced(self.text, f"passage {self.number} | {self.heading}", fence)

    def evidence(self, span: Span) -> str:
        """What a claim about `span` is checked against: its words, and the heading under which they stand."""
        return f"{self.heading}.\n\n{self.document.text[span.start : span.end]}"

    def windows(self, longest: int) -> Iterator[Span]:
        """Every run of one to `longest` consecutive sentences, short ones first."""
        for length in range(1, min(longest, len(self.sentences)) + 1):
            for first in range(len(self.sentences) - length + 1):
                yield Span(self.sentences[first].span.start, self.sentences[first + length - 1].span.end)


def gather(reranked: Reranked, fence: str, tokens: int) -> list[Material]:
    """The passages that fit into `tokens`, best first; the first that does not fit is cut around its best sentence."""
    gathered: list[Material] = []
    for passage in reranked.passages:
        document, heading = passage.document, _heading(passage.document)
        for run in _runs(document, [each for each in reranked.sentences if each.passage is passage]):
            whole = Material(len(gathered) + 1, document, heading, tuple(run))
            frame = estimate_tokens(whole.shown(fence)) - estimate_tokens(whole.text)
            fitting = _fitting(run, tokens - frame)
            if fitting:
                gathered.append(replace(whole, sentences=tuple(fitting)))
                tokens -= frame + estimate_tokens(gathered[-1].text)
            if len(fitting) < len(run):
                return gathered
    return gathered


def _runs(document: Document, sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """The sentences that may be shown, parted where one between them is withheld."""
    withheld = withheld_spans(document.text)
    runs: list[list[Sentence]] = [[]]
    for sentence in sentences:
        if any(sentence.span.start < span.end and span.start < sentence.span.end for span in withheld):
            runs.append([])
        else:
            runs[-1].append(sentence)
    return [run for run in runs if run]


def _fitting(run: Sequence[Sentence], tokens: int) -> list[Sentence]:
    """The sentences of a run that fit, in a row with the one that is nearest to the question."""
    best = max(range(len(run)), key=lambda index: run[index].similarity)
    kept = run_that_fits([estimate_tokens(sentence.text) for sentence in run], best, tokens)
    return [run[index] for index in kept] if kept else []


def _heading(document: Document) -> str:
    """Date, publisher and title on one line; what of it speaks to the model is left out."""
    date = f"{document.date.isoformat()}, {spell_date(document.date, 'en')}" if document.date else ""
    publisher = (document.sources[0].publisher if document.sources else None) or ""
    texts = [" ".join(text.split())[:_LONGEST_PART] for text in (publisher, document.title)]
    return " | ".join(part for part in (date, *texts) if part and not speaks_to_model(part))

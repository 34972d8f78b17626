"""The generative answerer: a model writes, and only what has been checked is passed on.

It takes an inquiry for which the extractive answerer has decided that there is something to answer from. Where the
model is away that answer stands, with a notice; where nothing that the model wrote can be borne out there is none.
"""

import re
import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import dataclass, field

from langchain_core.messages import BaseMessage

from index.embedding import Embedder
from index.text.lexical import tokenize
from index.text.names import Names
from index.types import Span
from rag.answering.extractive import Draft
from rag.citations import cite
from rag.generation.budget import estimate_prompt
from rag.generation.checking import Checked, SentenceChecker
from rag.generation.errors import ModelAwayError, NoRoomError
from rag.generation.material import Material, gather
from rag.generation.model import LONGEST_REPLY_TOKENS, LanguageModel
from rag.generation.notices import notice
from rag.generation.prompts import NO_ANSWER, answer_prompt, new_fence, verify_prompt
from rag.generation.sentences import Claim, SentenceAssembler
from rag.retrieval.reranking import Reranked
from rag.types import AnswerSentence, Citation, Event, PendingEvent, TokenEvent

MOST_SENTENCES = 8  # twice what the prompt asks for; a model that goes on and on is not listened to
REPEATED_FROM = 0.8  # share of a sentence's terms that an earlier one has said
_DECLINES = re.compile(rf"\W*{NO_ANSWER}\W*", re.IGNORECASE)
_YES = re.compile(r"\W*yes\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Written:
    """What came of asking the model. `draft` is None where the model was of no use, and `notice` says so."""

    draft: Draft | None
    notice: str | None = None


@dataclass(slots=True)
class _Manuscript:
    """The sentences that stand so far; markers are numbered in the order of first use."""

    sentences: list[AnswerSentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    _said: list[frozenset[str]] = field(default_factory=list)

    @property
    def draft(self) -> Draft:
        return Draft(tuple(self.sentences), tuple(self.citations))

    def repeats(self, text: str) -> bool:
        """Whether an earlier sentence says nearly all of it."""
        terms = frozenset(tokenize(text))
        return any(len(terms & said) >= REPEATED_FROM * len(terms) for said in self._said)

    def add(self, checked: Checked) -> str:
        """Put a sentence down; gives the text by which the answer grows."""
        before = self.draft.text
        markers = []
        for ground in checked.grounds:
            marker = self._marker(ground.document.id, ground.span)
            if marker is None:
                marker = len(self.citations) + 1
                self.citations.append(cite(marker, ground.document, ground.span))
            markers.append(marker)
        self.sentences.append(
            AnswerSentence(text=checked.text, citations=tuple(dict.fromkeys(markers)), support=checked.support)
        )
        self._said.append(frozenset(tokenize(checked.text)))
        return self.draft.text[len(before) :]

    def _marker(self, document_id: str, span: Span) -> int | None:
        for citation in self.citations:
            if (citation.document_id, citation.start, citation.end) == (document_id, span.start, span.end):
                return citation.marker
        return None


class Writer:
    """Asks the model and checks what it writes. `watch` is told of every sentence that was checked."""

    def __init__(
        self,
        model: LanguageModel,
        names: Names,
        embedder: Embedder,
        *,
        verify: bool = False,
        watch: Callable[[Checked], None] = lambda checked: None,
    ) -> None:
        self.model = model
        self._names = names
        self._embedder = embedder
        self._verify = verify
        self._watch = watch

    def write(self, question: str, reranked: Reranked, language: str) -> Generator[Event, None, Written]:
        """The events of an answer in the making; returns what stands at its end."""
        if self.model.status == "away":
            return Written(None, notice("away", language, self.model.name))
        manuscript = _Manuscript()
        try:
            yield from self._fill(manuscript, question, reranked, language)
        except NoRoomError:
            return Written(None, notice("no_room", language, self.model.name))
        except ModelAwayError:
            if not manuscript.sentences:
                return Written(None, notice("away", language, self.model.name))
            return Written(manuscript.draft, notice("broke_off", language, self.model.name))
        return Written(manuscript.draft)

    def _fill(
        self, manuscript: _Manuscript, question: str, reranked: Reranked, language: str
    ) -> Generator[Event, None, None]:
        fence = new_fence()
        materials = self._materials(question, reranked, language, fence)
        if not materials:
            return
        checker = SentenceChecker(materials, self._names, self._embedder, rewordings=self._verify)
        messages = answer_prompt(question, [material.shown(fence) for material in materials], language, fence)
        yield PendingEvent()
        passed: list[Checked] = []
        with closing(self._claims(messages)) as claims:
            for claim in claims:
                if _DECLINES.fullmatch(claim.text) or len(passed) + len(manuscript.sentences) == MOST_SENTENCES:
                    break
                checked = checker.check(claim)
                if checked.outcome != "reworded":
                    self._watch(checked)
                if checked.outcome == "dropped" or manuscript.repeats(checked.text):
                    continue
                if self._verify:
                    passed.append(checked)
                else:
                    yield TokenEvent(manuscript.add(checked))
                    yield PendingEvent()
        yield from self._verified(manuscript, passed)

    def _materials(self, question: str, reranked: Reranked, language: str, fence: str) -> list[Material]:
        """The passages for the model, none where all that was found is withheld. Raises NoRoomError."""
        window = self.model.window_tokens
        rules = estimate_prompt(answer_prompt(question, [], language, fence))
        materials = gather(reranked, fence, window - rules - min(LONGEST_REPLY_TOKENS, window // 4))
        if not materials and gather(reranked, fence, sys.maxsize):
            raise NoRoomError(f"{window} tokens hold no passage beside this question; raise PARLEY_LLM_CONTEXT")
        return materials

    def _claims(self, messages: list[BaseMessage]) -> Generator[Claim, None, None]:
        """The sentences of the reply as they become whole."""
        assembler = SentenceAssembler()
        with closing(self.model.stream(messages)) as reply:
            for piece in reply:
                yield from assembler.add(piece)
        yield from assembler.finish(complete=reply.complete)

    def _verified(self, manuscript: _Manuscript, passed: Iterable[Checked]) -> Generator[Event, None, None]:
        """The sentences that the model, asked once more, does not deny; of those with new words, which it confirms.

        Only when it has ended: small servers break a reply off when the next request comes.
        """
        for checked in passed:
            yield PendingEvent(checked.text)
            confirmed = self._confirmed(checked)
            if confirmed or (confirmed is None and checked.outcome != "reworded"):
                if checked.outcome == "reworded":
                    self._watch(checked)
                yield TokenEvent(manuscript.add(checked))
            else:
                reason = "the model itself denies it" if confirmed is False else "it has new words, and none to judge"
                self._watch(Checked(checked.text, "dropped", reasons=(reason,)))

    def _confirmed(self, checked: Checked) -> bool | None:
        """What the model says of a sentence beside its evidence; None where it is away."""
        evidence = "\n".join(ground.document.text[ground.span.start : ground.span.end] for ground in checked.grounds)
        try:
            reply = self.model.complete(verify_prompt(checked.text, evidence, new_fence()), longest_chars=20)
        except ModelAwayError:
            return None
        return bool(_YES.match(reply))

"""The standalone question: what is searched after a follow-up was resolved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.text.entities import spelled
from index.text.names import Names
from rag.followup import cues
from rag.followup.leaning import Leaning, leaning_of
from rag.followup.subject import asks_for_subject, subject_of
from rag.followup.substitution import substituted
from rag.language import reader_language

Recall = Callable[[Sequence[str]], Sequence[str]]
"""The sentences that answer the last of these questions, which were asked one after the other."""
Apart = Callable[[str, str], bool]
"""Whether the documents tell that a question has nothing to do with the one before it."""


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question that can be searched by itself.

    `focus` is what was typed; `context` the earlier questions that it takes over, empty for a fresh topic; `subject`
    whom its pronoun means; `rewritten` the question that a fragment stands for.
    """

    focus: str
    context: str = ""
    subject: str = ""
    rewritten: str = ""

    @property
    def text(self) -> str:
        """What is searched, and shown as `standalone_question`."""
        return self.rewritten or " ".join(part for part in (self.context, self.last_part) if part)

    @property
    def last_part(self) -> str:
        """What was typed, after whom its pronoun means."""
        return f"{self.subject}. {self.focus}" if self.subject else self.focus

    @property
    def asks(self) -> str:
        """The words that tell what kind of answer is wanted."""
        if self.rewritten:
            return self.rewritten
        return self.focus if cues.ASKS.search(self.focus) or not self.context else self.text


def leans_back(question: str, previous: str, names: Names, apart: Apart | None = None) -> bool:
    """Whether the question can't be understood without `previous`; `apart` is asked where its words leave that open."""
    leaning = leaning_of(question, names)
    if leaning is Leaning.LOOSELY and apart:
        return not apart(question, previous)
    return leaning is not Leaning.NOT


def resolve_followup(
    question: str, history: Sequence[str], names: Names, recall: Recall | None = None, apart: Apart | None = None
) -> Standalone:
    """The question with what it takes over from the earlier ones; `history` is oldest first.

    `recall` answers the question before, for pronouns that stand for what it asks.
    """
    if not history or leaning_of(question, names) is Leaning.NOT:
        return Standalone(question)
    start = _opening_turn(history, names, apart)
    context = " ".join(history[start:])
    if not leans_back(question, context, names, apart):
        return Standalone(question)
    if rewritten := _rewritten(question, history[start:], names):
        return Standalone(question, rewritten=rewritten)
    if recall is None or not asks_for_subject(question, history[-1], names):
        return Standalone(question, context)
    subject = subject_of(recall(history), history[-1], names)
    return Standalone(question, context, spelled(subject, reader_language(f"{context} {question}")) if subject else "")


def _opening_turn(history: Sequence[str], names: Names, apart: Apart | None) -> int:
    """The latest of the earlier questions that stands alone: what came after goes on from it."""
    start = len(history) - 1
    while start > 0 and leans_back(history[start], history[start - 1], names, apart):
        start -= 1
    return start


def _rewritten(question: str, turns: Sequence[str], names: Names) -> str:
    """The question that a fragment stands for; a fragment before it is resolved first."""
    earlier = turns[-1]
    if len(turns) > 1:
        earlier = resolve_followup(earlier, turns[:-1], names).text
    return substituted(question, earlier, names) or ""

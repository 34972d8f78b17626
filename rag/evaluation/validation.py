"""Checks a question set against the documents: can what a question expects be found where it says?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rag.evaluation.metrics.must_include import missing_slots
from rag.evaluation.questions import EvalQuestion


@dataclass(frozen=True, slots=True)
class Validation:
    """What a question set holds and what is wrong with it."""

    questions: int
    types: dict[str, int]
    languages: dict[str, int]
    kinds: dict[str, int]
    groups: int
    problems: list[str] = field(default_factory=list)


def validate_questions(questions: Sequence[EvalQuestion], texts: Mapping[str, str] | None) -> Validation:
    """Counts and problems. `texts` holds the documents' texts, titles included, by id; None leaves them unread."""
    return Validation(
        questions=len(questions),
        types=dict(Counter(question.type for question in questions).most_common()),
        languages=dict(Counter(question.language for question in questions).most_common()),
        kinds=dict(Counter(question.kind for question in questions).most_common()),
        groups=len({question.group for question in questions if question.group}),
        problems=[
            *_repeated_wordings(questions),
            *_lonely_groups(questions),
            *(f"{question.id}: {problem}" for question in questions for problem in _problems(question, texts)),
        ],
    )


def _repeated_wordings(questions: Sequence[EvalQuestion]) -> list[str]:
    seen: dict[tuple, str] = {}
    problems = []
    for question in questions:
        key = (question.question.casefold(), question.history, question.as_of)
        if key in seen:
            problems.append(f"{question.id}: asks the same as {seen[key]}")
        seen.setdefault(key, question.id)
    return problems


def _lonely_groups(questions: Sequence[EvalQuestion]) -> list[str]:
    sizes = Counter(question.group for question in questions if question.group)
    return [f"group {group} has one question only: there is nothing to compare" for group, n in sizes.items() if n == 1]


def _problems(question: EvalQuestion, texts: Mapping[str, str] | None) -> list[str]:
    problems = []
    if question.answerable and not question.slots and not question.references and not question.relevant:
        problems.append("is answerable, but nothing says what would be right")
    if question.kind == "unanswerable" and question.relevant:
        problems.append("is unanswerable, but lists relevant documents")
    if texts is None:
        return problems
    unknown = [document for document in question.relevant if document not in texts]
    if unknown:
        problems.append(f"relevant documents that are not there: {', '.join(unknown)}")
    known = [texts[document] for document in question.relevant if document in texts]
    if known and question.answerable:
        everything = "\n".join(known)
        missing = missing_slots(everything, question.slots, word_limit=len(everything.split()))
        problems.extend(f"no relevant document contains {' or '.join(slot)}" for slot in missing)
    return problems

"""The account that differs, beside the one that an ordinary answer begins with."""

from collections.abc import Sequence
from dataclasses import replace

from index.text.names import Names
from rag.answering.evidence import Evidence
from rag.reading.disagreements import number_disagreements

CANDIDATES = 12  # sentences that are held against the first


def with_other_account(evidence: Sequence[Evidence], names: Names) -> list[Evidence]:
    """The evidence, best first; a sentence that puts another number on what the first one counts comes second."""
    first, *others = evidence[:CANDIDATES] or [None]
    if first is None or not _counts(first):
        return list(evidence)
    counting = [first, *(other for other in others if _counts(other))]
    told = [(one.sentence.passage.document, one.sentence.span, None, None) for one in counting]
    differing = {
        (account.document.id, account.span)
        for disagreement in number_disagreements(told, names)
        if _place(first) in {(account.document.id, account.span) for account in disagreement.accounts}
        for account in disagreement.accounts
    }
    other = next((one for one in counting[1:] if _place(one) in differing), None)
    if other is None:
        return list(evidence)
    second = replace(other, score=first.score, differs=True)
    return [first, second, *(one for one in evidence[1:] if one is not other)]


def _counts(evidence: Evidence) -> bool:
    return any(sign.isdigit() for sign in evidence.sentence.text)


def _place(evidence: Evidence) -> tuple[str, object]:
    return evidence.sentence.passage.document.id, evidence.sentence.span

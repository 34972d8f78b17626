"""Abstention, its two sides apart: answering what the documents answer, and not answering what they don't.

Definitions after SQuAD 2.0's HasAns/NoAns split (Rajpurkar et al., 2018, arXiv 1806.03822). A false premise is a
third kind: abstaining is right, and so is an answer that sets the premise straight.
"""

from typing import Literal

Kind = Literal["answerable", "unanswerable", "false-premise"]
Outcome = Literal["right", "wrong", "abstained", "corrected", "unscored"]


def outcome(kind: Kind, *, abstained: bool, correct: float | None, corrects: bool) -> Outcome:
    """What became of one question.

    `correct` is None where nothing says what to include: answering such a question is `unscored`. `corrects` tells
    whether an answer to a false premise sets it straight.
    """
    if abstained:
        return "abstained"
    if kind == "unanswerable":
        return "wrong"
    if kind == "false-premise":
        return "corrected" if corrects else "wrong"
    if correct is None:
        return "unscored"
    return "right" if correct else "wrong"


def right_outcome(kind: Kind, what: Outcome) -> float | None:
    """1.0 if `what` is a good end for a question of this kind, else 0.0; None if it cannot be told."""
    if what == "unscored":
        return None
    good = {"answerable": {"right"}, "unanswerable": {"abstained"}, "false-premise": {"abstained", "corrected"}}
    return float(what in good[kind])

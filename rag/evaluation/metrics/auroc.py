"""AUROC: does the confidence tell the two kinds of question apart? (Hanley and McNeil, 1982)"""

from collections.abc import Sequence

import numpy as np

from rag.evaluation.metrics.undefined import UndefinedError


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """The chance that a positive has a higher score than a negative, ties counting half (the Mann-Whitney form).

    Raises UndefinedError unless there is at least one of each.
    """
    score, label = np.asarray(scores, dtype=float), np.asarray(positive, dtype=bool)
    up, down = score[label], score[~label]
    if not len(up) or not len(down):
        raise UndefinedError(f"AUROC needs positives and negatives, but there are {len(up)} and {len(down)}")
    wins = (up[:, None] > down[None, :]).sum() + 0.5 * (up[:, None] == down[None, :]).sum()
    return float(wins / (len(up) * len(down)))

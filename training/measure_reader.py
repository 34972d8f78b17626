# ruff: noqa: T201 (commands print)
"""Measures a cross-encoder on the pairs that are held out: python -m training.measure_reader MODEL [--public FOLDER]"""

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from training.pairs import Pair, all_pairs


def held_out_lines(pairs: Sequence[Pair], scores: np.ndarray) -> Iterator[str]:
    """A table in Markdown: by source, AUROC of answers against each other kind, and right sentences first."""
    yield "| set | kind | n | AUROC against answers |\n|---|---|---|---|"
    for source in sorted({pair.source for pair in pairs}):
        of_kind = defaultdict(list)
        for index, pair in enumerate(pairs):
            if pair.source == source:
                of_kind[pair.kind].append(index)
        answers = of_kind.pop("answer", [])
        for kind, others in sorted(of_kind.items()):
            truth = [True] * len(answers) + [False] * len(others)
            value = roc_auc_score(truth, scores[[*answers, *others]]) if answers else float("nan")
            yield f"| {source} | {kind} | {len(answers)} + {len(others)} | {value:.3f} |"
        right, asked = _right_first(pairs, scores, source)
        yield f"| {source} | right sentence first | {asked} | {right / max(asked, 1):.3f} |"


def _right_first(pairs: Sequence[Pair], scores: np.ndarray, source: str) -> tuple[int, int]:
    """How many questions have their answer first among their sentences, of how many that have any wrong one."""
    groups = defaultdict(list)
    for index, pair in enumerate(pairs):
        if pair.source == source:
            groups[pair.group].append(index)
    choices = [group for group in groups.values() if 0 < sum(pairs[index].answers for index in group) < len(group)]
    return sum(pairs[max(group, key=lambda index: scores[index])].answers for group in choices), len(choices)


def main() -> None:
    from sentence_transformers import CrossEncoder

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="a CrossEncoder by name or path")
    parser.add_argument("--public", type=Path, help="folder with the public sets named in training/README.md")
    options = parser.parse_args()
    held_out = [pair for pair in all_pairs(options.public) if pair.held_out]
    model = CrossEncoder(options.model, device="cpu")
    scores = model.predict([(pair.question, pair.evidence) for pair in held_out], show_progress_bar=True)
    print("\n".join(held_out_lines(held_out, np.asarray(scores))))


if __name__ == "__main__":
    main()

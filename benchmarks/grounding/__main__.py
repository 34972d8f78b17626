"""How well support tells true claims from altered ones, and supported from unsupported ones of other sets.

    python -m benchmarks.grounding                     claims made by rule from the documents of PARLEY_SEEDS
    python -m benchmarks.grounding --pairs FILE.jsonl  {evidence, claim, label}: AUC with its 95% interval

The threshold is the one below which 5% of the true claims of one half of the documents lie; what is caught and what is
a false alarm is counted on the other half. Evidence is the whole document or the five sentences around, by lot.
`--embedder` lets the embedder speak, as `python -m rag check` does.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from benchmarks.grounding.pairs import MadePair, make_pairs
from benchmarks.quality.claims import read_pairs
from index.embedding import Embedder, open_embedder
from index.errors import ParleyError
from index.offline import silence_telemetry
from index.settings import load_settings
from index.text.names import load_names
from rag.evaluation.metrics.auroc import auroc
from rag.grounding import support

FALSE_ALARMS = 0.05
RESAMPLES = 2_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table that was asked for."""
    silence_telemetry()
    options = _parser().parse_args(arguments)
    try:
        settings = load_settings()
        embedder = open_embedder(settings.embedding_model, settings.home) if options.embedder else None
        if options.pairs:
            _print_auc(options.pairs, embedder)
        else:
            pairs = make_pairs(options.documents or settings.seeds, load_names(), options.seed, options.each)
            _print_caught(pairs, _scores([(pair.evidence, pair.claim) for pair in pairs], embedder))
    except ParleyError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def thresholds(pairs: Sequence[MadePair], scores: np.ndarray, false_alarms: float = FALSE_ALARMS) -> np.ndarray:
    """For each pair the threshold that the true claims of the other half of the documents give, `(len(pairs),)`."""
    half = np.array([pair.half for pair in pairs])
    true = np.array([pair.supported for pair in pairs])
    other = [float(np.quantile(scores[true & (half == 1 - each)], false_alarms)) for each in (0, 1)]
    return np.array(other)[half]


def shares_below(
    pairs: Sequence[MadePair], below: np.ndarray, group: Callable[[MadePair], str], *, supported: bool
) -> dict[str, tuple[float, int]]:
    """Of the true or of the altered claims, by group: the share below the threshold and how many there are."""
    chosen: dict[str, list[bool]] = {}
    for pair, is_below in zip(pairs, below, strict=True):
        if pair.supported == supported:
            chosen.setdefault(group(pair), []).append(bool(is_below))
    return {name: (sum(flags) / len(flags), len(flags)) for name, flags in sorted(chosen.items())}


def auc_interval(scores: np.ndarray, positive: np.ndarray, seed: int = 0) -> tuple[float, float, float]:
    """The AUC and its 95% percentile interval over pairs drawn with replacement."""
    random = np.random.default_rng(seed)
    drawn = []
    while len(drawn) < RESAMPLES:
        lot = random.integers(len(scores), size=len(scores))
        if 0 < positive[lot].sum() < len(lot):
            drawn.append(auroc(scores[lot].tolist(), positive[lot].tolist()))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return auroc(scores.tolist(), positive.tolist()), float(low), float(high)


def _scores(pairs: Sequence[tuple[str, str]], embedder: Embedder | None) -> np.ndarray:
    return np.array(
        [support(evidence, claim, embedder) for evidence, claim in tqdm(pairs, unit=" pairs", disable=None)]
    )


def _print_auc(file: Path, embedder: Embedder | None) -> None:
    pairs = read_pairs(file)
    scores = _scores([(pair.evidence, pair.claim) for pair in pairs], embedder)
    auc, low, high = auc_interval(scores, np.array([pair.is_supported for pair in pairs]))
    print(f"{file.name}: AUC {auc:.3f} [{low:.3f}, {high:.3f}], n = {len(pairs)}")


def _print_caught(pairs: Sequence[MadePair], scores: np.ndarray) -> None:
    bound = thresholds(pairs, scores)
    below = scores < bound
    auc, low, high = auc_interval(scores, np.array([pair.supported for pair in pairs]))
    print(f"AUC {auc:.3f} [{low:.3f}, {high:.3f}]; thresholds {sorted({round(value, 3) for value in bound})}\n")
    for title, supported, column in (("altered claims", False, "caught"), ("true claims", True, "false alarms")):
        print(f"| {title} | {column} | n | at 0.5 |\n| --- | ---: | ---: | ---: |")
        for group in (lambda pair: "all", lambda pair: pair.kind, lambda pair: pair.language, lambda pair: pair.scope):
            fixed = shares_below(pairs, scores < 0.5, group, supported=supported)
            for name, (share, n) in shares_below(pairs, below, group, supported=supported).items():
                print(f"| {name} | {share:.3f} | {n} | {fixed[name][0]:.3f} |")
        print()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grounding", description="Measure support.")
    parser.add_argument("--pairs", type=Path, metavar="FILE", help="a .jsonl file of {evidence, claim, label}")
    parser.add_argument("--documents", type=Path, metavar="DIR", help="make claims from these (default: PARLEY_SEEDS)")
    parser.add_argument(
        "--each", type=int, default=150, metavar="N", help="claims of a rule and language (default: 150)"
    )
    parser.add_argument("--seed", type=int, default=0, help="by which claims are drawn (default: 0)")
    parser.add_argument("--embedder", action="store_true", help="let the embedder speak too")
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""Bootstrap confidence intervals (Efron and Tibshirani, 1993; paired, as Koehn, 2004, uses it for systems).

What is drawn is families: questions of one group together, any other question alone, because the same question put
in several ways is not independent evidence (the cluster bootstrap: Field and Welsh, 2007). The same
seed gives the same interval.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 10_000
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its 95% interval over `n` values."""

    mean: float
    low: float
    high: float
    n: int

    @property
    def excludes_zero(self) -> bool:
        """Whether a difference of nothing lies outside."""
        return self.low > 0 or self.high < 0


def mean_interval(
    values: Sequence[float], families: Sequence[Hashable], *, resamples: int = RESAMPLES, seed: int = 0
) -> Interval:
    """The mean of `values` and its 95% percentile interval; `families[i]` is the family of `values[i]`."""
    if not values or len(values) != len(families):
        raise ValueError(f"{len(values)} values of {len(families)} families: there must be some, and one family each")
    sums, counts = _by_family(values, families)
    random = np.random.default_rng(seed)
    means = np.concatenate(
        [_resampled_means(sums, counts, min(_BATCH, resamples - done), random) for done in range(0, resamples, _BATCH)]
    )
    low, high = np.percentile(means, [2.5, 97.5])
    return Interval(float(np.mean(values)), float(low), float(high), len(values))


def paired_interval(
    before: Sequence[float],
    after: Sequence[float],
    families: Sequence[Hashable],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """The mean of `after - before` over the same questions, and its 95% interval."""
    differences = [new - old for old, new in zip(before, after, strict=True)]
    return mean_interval(differences, families, resamples=resamples, seed=seed)


def _by_family(values: Sequence[float], families: Sequence[Hashable]) -> tuple[np.ndarray, np.ndarray]:
    index = {family: position for position, family in enumerate(dict.fromkeys(families))}
    positions = [index[family] for family in families]
    sums, counts = np.zeros(len(index)), np.zeros(len(index))
    np.add.at(sums, positions, values)
    np.add.at(counts, positions, 1)
    return sums, counts


def _resampled_means(sums: np.ndarray, counts: np.ndarray, resamples: int, random: np.random.Generator) -> np.ndarray:
    drawn = random.integers(len(sums), size=(resamples, len(sums)))
    return sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)

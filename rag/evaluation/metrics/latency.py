"""Latency percentiles."""

from collections.abc import Sequence

import numpy as np

from rag.evaluation.metrics.undefined import UndefinedError


def percentile(values: Sequence[float], q: float) -> float:
    """The q-th percentile (0..100), interpolated linearly between neighbours (Hyndman and Fan's type 7)."""
    if not values:
        raise UndefinedError("a percentile is undefined without values")
    return float(np.percentile(values, q))

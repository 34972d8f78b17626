"""Features on a common scale, so that they can be added."""

from collections.abc import Sequence

import numpy as np


def standardised(values: Sequence[float] | np.ndarray) -> np.ndarray:
    """Z-scores, `(n,)`; all zero where the values do not differ."""
    array = np.asarray(values, dtype=np.float64)
    deviation = array.std()
    return (array - array.mean()) / deviation if deviation > 0 else np.zeros_like(array)

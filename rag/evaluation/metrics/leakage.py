"""As-of leakage: does an answer show anything from after the reader's cut-off date? Our own measure."""

import datetime as dt
from collections.abc import Iterable


def leakage(dates: Iterable[dt.date | None], as_of: dt.date) -> float:
    """1.0 if one of the documents shown or retrieved is dated after `as_of`, or not at all; else 0.0."""
    return float(any(date is None or date > as_of for date in dates))

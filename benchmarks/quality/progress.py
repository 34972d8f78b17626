"""How far a measurement is, on stderr: bars with rate and time left, and lines between them."""

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from tqdm import tqdm

Item = TypeVar("Item")


def bar(items: Iterable[Item], name: str, unit: str) -> Iterator[Item]:
    """The items, counted as they are taken."""
    return iter(tqdm(items, desc=name, unit=unit, file=sys.stderr, dynamic_ncols=True))


def tell(line: str) -> None:
    """A line that leaves bars whole."""
    tqdm.write(line, file=sys.stderr)

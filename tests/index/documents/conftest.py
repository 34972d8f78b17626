"""A small web for each test; no test here reaches any other."""

from collections.abc import Iterator

import pytest
from small_web import PUBLIC, SmallWeb, small_web


@pytest.fixture
def web() -> Iterator[SmallWeb]:
    """`good.example` is a public host of it."""
    with small_web() as web:
        web.names["good.example"] = [[PUBLIC]]
        yield web

"""What is said beside a source about how well it is sourced: how many publishers, and what is weak."""

from collections.abc import Sequence
from typing import get_args

from rag.types import Citation, Mark
from rag.web.strings import Strings


def sourcing_line(cited: Sequence[Citation], strings: Strings) -> str:
    """One line for the citations of one document; empty where nothing was counted and nothing is weak."""
    counts = sorted({one.independent_sources for one in cited if one.independent_sources})
    marks = {mark for one in cited for mark in one.marks}
    parts = []
    if counts and counts != [1]:
        number = str(counts[0]) if len(counts) == 1 else f"{counts[0]}–{counts[-1]}"
        parts.append(strings("turn.publishers", count=number))
    parts += [strings(f"marks.{mark}") for mark in get_args(Mark) if mark in marks]
    line = " · ".join(parts)
    return line[:1].upper() + line[1:]

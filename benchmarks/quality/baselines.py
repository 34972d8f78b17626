"""Figures of other systems, read from Markdown tables that lie beside a set.

    | run | n | R@1 | R@10 |
    |---|---|---|---|
    | BM25, English | 1190 | 0.9 | 0.99 |

Any Markdown file of the set's folder may hold such tables; columns are known by their names, others are passed over.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.quality.tables import NOTHING, Column, Line
from rag.evaluation.summary import Figure

_N = "n"


def baseline_lines(folder: Path, columns: Sequence[Column]) -> list[Line]:
    """One line for each row of those tables that have any of `columns`; a cell that is no number has no figure."""
    return [
        _line(header, cells, columns, file.name)
        for file in sorted(folder.glob("*.md"))
        for header, cells in _table_rows(file.read_text(encoding="utf-8"))
        if any(column.name.casefold() in header for column in columns)
    ]


def _table_rows(text: str) -> Iterator[tuple[list[str], list[str]]]:
    """Each row of each table with the header above it, in small letters."""
    header: list[str] | None = None
    for line in text.splitlines():
        if not line.lstrip().startswith("|"):
            header = None
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if header is None:
            header = [cell.casefold() for cell in cells]
        elif any(cell.strip("-: ") for cell in cells):
            yield header, cells


def _line(header: Sequence[str], cells: Sequence[str], columns: Sequence[Column], source: str) -> Line:
    given = dict(zip(header, cells, strict=False))
    n = _number(given.get(_N, ""))
    figures = (_number(given.get(column.name.casefold(), "")) for column in columns)
    return Line(
        f"{cells[0]} ({source})",
        tuple(NOTHING if value is None else Figure(value=value, n=int(n or 0)) for value in figures),
    )


def _number(cell: str) -> float | None:
    try:
        return float(cell.replace(",", ""))
    except ValueError:
        return None

"""Results as tables: every figure with the n behind it, as Markdown to read and as data to keep."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Literal

from rag.evaluation.metrics.undefined import UndefinedError
from rag.evaluation.summary import Figure

Unit = Literal["share", "ms"]
NOTHING = Figure(value=None, n=0)


@dataclass(frozen=True, slots=True)
class Column:
    """A measure over all lines of a table."""

    name: str
    unit: Unit = "share"


@dataclass(frozen=True, slots=True)
class Line:
    """One figure a column; where they are changes they are signed, and starred if `is_sure`."""

    label: str
    figures: tuple[Figure, ...]
    is_change: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table under its title; `notes` say what a reader has to know about its figures."""

    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()

    def markdown(self) -> str:
        """The table as Markdown, every figure as `value (n)`."""
        header = ["", *(column.name for column in self.columns)]
        rule = ["---", *("---:" for _ in self.columns)]
        drawn = ["| " + " | ".join(cells) + " |" for cells in [header, rule, *map(self._cells, self.lines)]]
        return "\n".join([f"### {self.title}", "", *drawn, *self._note_lines()])

    def as_json(self) -> dict[str, object]:
        """The same as plain data, with the intervals that Markdown has no room for."""
        return {
            "title": self.title,
            "columns": [asdict(column) for column in self.columns],
            "rows": [
                {
                    "label": line.label,
                    "is_change": line.is_change,
                    "figures": {
                        column.name: figure.model_dump()
                        for column, figure in zip(self.columns, line.figures, strict=True)
                    },
                }
                for line in self.lines
            ],
            "notes": list(self.notes),
        }

    def _cells(self, line: Line) -> Iterator[str]:
        yield line.label.replace("|", "\\|")
        for column, figure in zip(self.columns, line.figures, strict=True):
            yield _shown(figure, column.unit, line.is_change)

    def _note_lines(self) -> Iterator[str]:
        for note in self.notes:
            yield f"\n{note}"


def computed(n: int, compute: Callable[[], float]) -> Figure:
    """The figure over `n` values, or none where the metric is undefined."""
    try:
        return Figure(value=compute(), n=n)
    except UndefinedError:
        return NOTHING


def is_sure(change: Figure) -> bool:
    """Whether a difference of nothing lies outside the 95% interval."""
    return change.low is not None and change.high is not None and (change.low > 0 or change.high < 0)


def without_empty_columns(table: Table) -> Table:
    """The table without the columns in which no line has a value."""
    kept = [
        index
        for index, _ in enumerate(table.columns)
        if any(line.figures[index].value is not None for line in table.lines)
    ]
    return replace(
        table,
        columns=tuple(table.columns[index] for index in kept),
        lines=tuple(replace(line, figures=tuple(line.figures[index] for index in kept)) for line in table.lines),
    )


def _shown(figure: Figure, unit: Unit, is_change: bool) -> str:
    if figure.value is None:
        return "–"
    sign = "+" if is_change else ""
    value = f"{figure.value:{sign}.0f}" if unit == "ms" else f"{figure.value:{sign}.3f}"
    return f"{value}{'*' if is_change and is_sure(figure) else ''} ({figure.n})"

"""Fields of the forms that the reader's features are asked with."""

import datetime as dt
from collections.abc import Iterable

from fastapi import Request

from rag.web.markup import escape, escape_line

MOST_CHARS = 200  # of a field that is read


def text_field(name: str, label: str, value: str, offers: str = "", *, kind: str = "text") -> str:
    """A labelled field; `offers` is the id of the list of what may be put in."""
    more = f' list="{offers}"' if offers else ""
    return (
        f'<label class="field-{name}"><span>{escape(label)}</span>'
        f'<input type="{kind}" name="{name}" value="{escape(value)}" autocomplete="off"{more}></label>'
    )


def offered(list_id: str, values: Iterable[str]) -> str:
    """What a field suggests."""
    options = "".join(f'<option value="{escape_line(value)}">' for value in values)
    return f'<datalist id="{list_id}">{options}</datalist>'


def iso(date: dt.date | None) -> str:
    return date.isoformat() if date else ""


class Fields:
    """What a form sent; days that cannot be read are collected, and count as left empty."""

    def __init__(self, request: Request) -> None:
        self._query = request.query_params
        self.unreadable: list[str] = []

    def words(self, name: str) -> str:
        return self._query.get(name, "")[:MOST_CHARS].strip()

    def day(self, name: str) -> dt.date | None:
        text = self.words(name)
        try:
            return dt.date.fromisoformat(text) if text else None
        except ValueError:
            self.unreadable.append(text)
            return None

    def number(self, name: str) -> int:
        """A whole number from 1; 1 where there is none."""
        text = self.words(name)
        return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 7 else 1

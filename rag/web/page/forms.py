"""Fields of the forms that the timeline and what changed are asked with."""

import datetime as dt
from collections.abc import Iterable

from rag.web.markup import escape, escape_line


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

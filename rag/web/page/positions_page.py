"""Who says what about a subject, as a page of its own: by side, and then the accounts that do not agree."""

import datetime as dt

from rag.reading.positions import Position, Positions, ShownAccount, ShownDisagreement
from rag.web.markup import emphasise, escape, escape_line
from rag.web.page.forms import iso, text_field
from rag.web.page.spans import source_words
from rag.web.page.timeline_page import STYLES
from rag.web.source_page import reading_page
from rag.web.strings import Strings


def positions_page(
    topic: str, as_of: dt.date | None, found: Positions | None, unreadable: tuple[str, ...], strings: Strings
) -> str:
    """The form, and below it what was found; `found` is None before a subject was named."""
    title = strings("positions.title")
    notes = "".join(
        f'<p class="notice">{escape_line(strings("documents.date_unreadable", value=text))}</p>' for text in unreadable
    )
    shown = _results(found, strings) if found else f'<p class="found">{escape(strings("positions.hint"))}</p>'
    form = (
        '<form class="filters" action="/positions" method="get" role="search">'
        + text_field("q", strings("positions.topic"), topic, kind="search")
        + text_field("as_of", strings("timeline.as_of"), iso(as_of), kind="date")
        + f'<div class="filter-actions"><button type="submit">{escape(strings("positions.show"))}</button></div></form>'
    )
    body = (
        f'<h1>{escape(title)}</h1><section class="catalogue timeline">{form}'
        f'<div class="results">{notes}{shown}</div></section>'
    )
    return reading_page(title, body, strings, styles=STYLES, main_class="wide")


def _results(found: Positions, strings: Strings) -> str:
    cut = found.coverage.as_of
    parts = [f'<p class="found">{escape(strings("timeline.cut_off", date=strings.date(cut)))}</p>'] if cut else []
    if not found.sides:
        parts.append(f'<p class="found">{escape(strings("positions.none"))}</p>')
    for side in found.sides:
        items = "".join(_position(one, strings) for one in side.positions)
        name = escape(strings(f"positions.{side.side}"))
        parts.append(f'<section class="side"><h2>{name}</h2><ol class="entries">{items}</ol></section>')
    if found.disagreements:
        pairs = "".join(_disagreement(one, strings) for one in found.disagreements)
        parts.append(f'<h2>{escape(strings("positions.disagreements"))}</h2><ol class="pairs">{pairs}</ol>')
    return "".join(parts)


def _position(one: Position, strings: Strings) -> str:
    count = one.independent_sources
    marks = [
        f"<strong>{escape_line(one.speaker)}</strong>",
        escape(strings.date(one.said_on)) if one.said_on else "",
        escape(strings("positions.sources", count=count) if count > 1 else strings("positions.single_source")),
        escape(strings("positions.about_itself")) if one.about_itself else "",
    ]
    line = " · ".join(mark for mark in marks if mark)
    named = f"{emphasise(escape_line(one.named_in.quote))} … " if one.named_in else ""
    return f'<li class="line"><p class="days">{line}</p>{source_words(one, strings, named)}</li>'


def _disagreement(one: ShownDisagreement, strings: Strings) -> str:
    accounts = "".join(_account(account, strings) for account in one.accounts)
    return (
        f'<li class="disagreement"><p class="kind">{escape(strings(f"positions.{one.ground}"))}</p>'
        f'<div class="pair">{accounts}</div></li>'
    )


def _account(account: ShownAccount, strings: Strings) -> str:
    speaker = f"<h3>{escape_line(account.speaker)}</h3>" if account.speaker else ""
    return f"<div>{speaker}{source_words(account, strings)}</div>"

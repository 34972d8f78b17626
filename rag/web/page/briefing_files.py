"""A briefing as a file to keep: Markdown, or one page of HTML that needs nothing else and prints well."""

from pathlib import Path

from rag.answering.extractive import as_markdown
from rag.reading.briefing import BriefedDocument, Briefing
from rag.reading.quoted import Quoted
from rag.types import Citation
from rag.web.markup import document_path, escape, visible
from rag.web.page.briefing_layout import Item, Said, opening_lines, sections
from rag.web.page.briefing_page import Places, briefing_body
from rag.web.strings import Strings

FILE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_STATIC = Path(__file__).parents[1] / "static"
_STYLES = ("tokens.css", "source.css", "catalogue.css", "timeline.css", "briefing.css")
_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{styles}
</style>
</head>
<body>
<main class="wide">
{body}
</main>
</body>
</html>
"""


def briefing_html(briefing: Briefing, strings: Strings, server: str | None = None) -> str:
    """One file. Its links to documents lead to `server`; without one, to the list of sources at its end."""
    styles = "\n".join((_STATIC / name).read_text(encoding="utf-8") for name in _STYLES)
    return _PAGE.format(
        language=strings.language,
        title=escape(strings("briefing.of", topic=briefing.topic)),
        styles=styles,
        body=briefing_body(briefing, strings, Places(briefing, server)),
    )


def briefing_markdown(briefing: Briefing, strings: Strings, server: str | None = None) -> str:
    """The same as Markdown; numbers in brackets stand in the list of sources, with the place of each quotation."""
    markers = {_place(one): one.marker for one in briefing.citations}
    lines = [f"# {_plain(strings('briefing.of', topic=briefing.topic))}", ""]
    lines += [_plain(" ".join(opening_lines(briefing, strings))), ""]
    for section in sections(briefing, strings):
        lines += [f"## {_plain(section.heading)}", ""]
        if not section.parts:
            lines += [section.nothing, ""]
        for part in section.parts:
            lines += [f"### {_plain(part.heading)}", ""] if part.heading else []
            lines += [line for item in part.items for line in _item(item, markers)]
            lines.append("")
    lines += [f"## {strings('briefing.sources')}", ""]
    cited = {one.marker: one for one in briefing.citations}
    lines += [_source(one, cited, strings, server) for one in briefing.sources] or [strings("briefing.sources_none")]
    lines += ["", strings("briefing.version", version=briefing.index_version)]
    return "\n".join(lines) + "\n"


def _item(item: Item, markers: dict[tuple, int]) -> list[str]:
    marks = f"**{_plain(' · '.join(item.marks))}**" if item.marks else ""
    if len(item.said) == 1 and not item.said[0].label:
        return [f"- {marks}: {_said(item.said[0], markers)}"]
    return [f"- {marks}:", *(f"  - {_said(one, markers)}" for one in item.said)]


def _said(said: Said, markers: dict[tuple, int]) -> str:
    label = f"{_plain(said.label)}: " if said.label else ""
    front = f"{_plain(said.front)}: " if said.front else ""
    named = f"“{_plain(said.named_in.quote)}” [{markers[_place(said.named_in)]}] … " if said.named_in else ""
    return f"{label}{front}{named}“{_plain(said.words.quote)}” [{markers[_place(said.words)]}]"


def _source(one: BriefedDocument, cited: dict[int, Citation], strings: Strings, server: str | None) -> str:
    spans = ", ".join(f"[{marker}] {cited[marker].start}–{cited[marker].end}" for marker in one.markers)
    place = strings("briefing.place", id=one.document_id, spans=spans)
    parts = [
        f"**{_plain(one.title)}**",
        _plain(", ".join(one.publishers)) or strings("briefing.no_publisher"),
        strings.date(one.date),
        place,
        *(strings(f"claims.{note}") for note in one.notes),
        one.url or "",
        f"{server}{document_path(one.document_id)}" if server else "",
    ]
    return f"- {'; '.join(part for part in parts if part)}"


def _plain(text: str) -> str:
    return as_markdown(visible(" ".join(text.split())))


def _place(one: Quoted | Citation) -> tuple[str, int, int]:
    return one.document_id, one.start, one.end

"""Text of documents made safe and readable for HTML: escaping, languages, links.

Everything that comes from a document, a question or a model passes through `escape` before it reaches a page.
"""

import html
import re
import unicodedata
from urllib.parse import quote, urlsplit

_LANGUAGES = frozenset({"en", "ru", "uk"})
_MISLEADING = re.compile("[\u202a-\u202e\u2066-\u2069\u115f\u1160\u2800\u3164\uffa0]+")
_KEPT_CONTROLS = "\n\t"
_MOST_MARKS = 3  # that one letter carries
_STRONG = re.compile(r"\*\*(?=\S)([^*]+)(?<=\S)\*\*")


def visible(text: str) -> str:
    """`text` without what a reader could not see, or would see wrongly.

    What could make a quotation read differently from what it says, such as the bidirectional overrides, and letters
    that look like nothing, are replaced by a visible sign; other control and formatting characters are left out, and
    marks that pile up on one letter are cut. `widget/text.js` does the same; one table tests both.
    """
    shown: list[str] = []
    marks = 0
    for char in _MISLEADING.sub("\ufffd", text):
        category = unicodedata.category(char)
        if category in {"Cc", "Cf", "Cs"} and char not in _KEPT_CONTROLS:
            continue
        marks = marks + 1 if category[0] == "M" else 0
        if marks <= _MOST_MARKS:
            shown.append(char)
    return "".join(shown)


def escape(text: str) -> str:
    """`text`, as far as it is visible, for HTML bodies and quoted attributes."""
    return html.escape(visible(text), quote=True)


def escape_line(text: str) -> str:
    """`escape`, on one line: Gradio's Markdown would end an HTML block at an empty line."""
    return escape(" ".join(text.split()))


def emphasise(escaped: str) -> str:
    """`**words**` of Markdown as bold, the only markup that documents and answers keep. Takes escaped text."""
    return _STRONG.sub(r"<strong>\1</strong>", escaped)


def language_attribute(code: str) -> str:
    """` lang="uk"` for screen readers and hyphenation; empty where the language isn't known."""
    return f' lang="{code}"' if code in _LANGUAGES else ""


def document_path(document_id: str, start: int | None = None, end: int | None = None) -> str:
    """The address of the source page, at the span where one is given. Not yet escaped for HTML."""
    path = f"/documents/{quote(document_id, safe='')}"
    return path if start is None else f"{path}?start={start}&end={end}#span"


def web_address(url: str | None) -> str | None:
    """`url` if a reader may follow it: http or https with a host; None for everything else."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in {"http", "https"} and parts.hostname else None

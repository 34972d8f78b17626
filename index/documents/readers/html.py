"""Web pages: the article alone, without menus, advertising, comments and footers, and what the page says about it."""

import codecs
import re
from typing import Any
from urllib.parse import urlsplit

import trafilatura
from lxml import etree, html

from index.documents.readers.extract import Extract, UnreadableError

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,100}encoding=["']([\w.:-]+)""", re.I
)
_HEAD_BYTES = 4_096  # where a page has to declare its encoding, and some to spare
_PAGE_LANGUAGE = re.compile(r"<html[^>]{0,500}?\blang\s*=\s*[\"']?([A-Za-z]{2,3})\b", re.I)
_BLOCKS = (
    *("address", "article", "aside", "blockquote", "br", "dd", "div", "dt", "figcaption", "hr", "li", "p", "pre"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "section", "td", "th", "tr"),
)
_NO_ARTICLE = ["//nav", "//footer", "//aside", "//form", "//*[@role='navigation' or @aria-hidden='true']"]
_UNSEEN = ("head", "script", "style", "noscript", "template", "iframe", "object", "svg")

# `original_date`: that of the first publication. Without a search through the whole page a wrong day is rare.
_DATES = {"original_date": True, "extensive_search": False}


def read_html(data: bytes, *, url: str | None = None, charset: str | None = None) -> list[Extract]:
    """The article of a page. `url` is where it came from, `charset` what the server said."""
    page = _decode(data, charset)
    if not page.strip():
        raise UnreadableError("it is empty")
    found = trafilatura.bare_extraction(
        page,
        url=url,
        with_metadata=True,
        include_comments=False,
        date_extraction_params=_DATES,
        prune_xpath=_NO_ARTICLE,
    )
    text = "\n\n".join(line for line in (found.text or "").split("\n") if line.strip()) if found else ""
    if not text:
        raise UnreadableError("it holds no article that can be told from menus and the like; save its text as .txt")
    address = url or _web_address(found.url)
    return [
        Extract(
            text,
            _present(
                title=found.title,
                author=found.author,
                publisher=found.sitename or (urlsplit(address).hostname or "").removeprefix("www.")
                if address
                else found.sitename,
                date=found.date,
                page_language=_page_language(page),
                url=address,
            ),
        )
    ]


def text_of_markup(markup: str) -> str:
    """All the words of a piece of HTML, one paragraph for each block."""
    if not markup.strip():
        return ""
    try:
        tree = html.fromstring(f"<div>{markup}</div>")
    except (etree.ParserError, ValueError):
        return ""
    etree.strip_elements(tree, *_UNSEEN, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    for block in tree.iter(*_BLOCKS):
        block.text = "\n" + (block.text or "")
        block.tail = "\n" + (block.tail or "")
    lines = (" ".join(line.split()) for line in tree.text_content().split("\n"))
    return "\n\n".join(line for line in lines if line)


def _decode(data: bytes, charset: str | None) -> str:
    declared = _DECLARED.search(data[:_HEAD_BYTES])
    named = next((group.decode("ascii") for group in declared.groups() if group), None) if declared else None
    marked = next((name for mark, name in _BOMS.items() if data.startswith(mark)), None)
    for encoding in filter(None, (marked, charset, named)):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    text = trafilatura.utils.decode_file(data)
    if text is None:
        raise UnreadableError("its encoding cannot be made out; save it as UTF-8")
    return text


def _page_language(page: str) -> str | None:
    match = _PAGE_LANGUAGE.search(page[:_HEAD_BYTES])
    return match.group(1).lower() if match else None


def _web_address(url: str | None) -> str | None:
    return url if url and url.startswith(("http://", "https://")) else None


def _present(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}

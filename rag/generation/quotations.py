"""Quotations: found in what a model wrote, and looked up word for word in the documents.

Quotation marks, dashes, spaces and a capital at the beginning may differ; nothing else may.
"""

import re

from rapidfuzz import fuzz

from index.text.names import Names
from index.types import Span

_QUOTED = re.compile(r"“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»|\"([^\"]+)\"|‘([^‘’]+)’(?!\w)|(?<!\w)'([^']+)'(?!\w)")
_SAME = str.maketrans(
    {**dict.fromkeys("“”„«»″", '"'), **dict.fromkeys("‘’ʼ`´", "'"), **dict.fromkeys("–—‑‐−", "-"), "\u00a0": " "}
)
_ENDING = " .,;:!?…"
_LEAST_LIKENESS = 80.0  # rapidfuzz's 0..100: only where to look; what is found there must be equal


def quotations(text: str, names: Names) -> list[str]:
    """What `text` puts between quotation marks, a name alone being no quotation."""
    found = ("".join(group or "" for group in match.groups()) for match in _QUOTED.finditer(text))
    quoted = (quote.strip(_ENDING) for quote in found)
    return [quote for quote in quoted if quote and not _is_name(quote, names)]


def locate(quote: str, text: str) -> Span | None:
    """Where `text` says `quote` word for word, None if it doesn't."""
    wanted, _ = _normalised(quote)
    held, places = _normalised(text)
    if not wanted or len(wanted) > len(held):
        return None
    found = fuzz.partial_ratio_alignment(wanted, held, score_cutoff=_LEAST_LIKENESS)
    for start in (held.find(wanted), found.dest_start if found else -1):
        end = start + len(wanted)
        if start >= 0 and _same(held[start:end], wanted) and _stands_alone(held, start, end):
            return Span(places[start], places[end - 1] + 1)
    return None


def _normalised(text: str) -> tuple[str, list[int]]:
    """The text with one kind of quotation mark, dash and space, and where each of its characters stands in `text`."""
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text.translate(_SAME)):
        if char.isspace() and (not chars or chars[-1] == " "):
            continue
        if char in "*_":
            continue
        chars.append(" " if char.isspace() else char)
        places.append(place)
    return "".join(chars).rstrip(), places


def _same(said: str, wanted: str) -> bool:
    return said[1:] == wanted[1:] and said[:1].casefold() == wanted[:1].casefold()


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no word is cut at either end."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() and text[start].isalnum()) and not (after.isalnum() and text[end - 1].isalnum())


def _is_name(quote: str, names: Names) -> bool:
    return any(mention.start == 0 and mention.end == len(quote) for mention in names.find(quote))

"""Cuts English, Ukrainian and Russian news prose, plain or in Markdown, into sentences with exact offsets.

Two steps: lines are gathered into blocks (a paragraph, a heading, a list item, a table row), whose ends always
end a sentence; then each block is cut after the stops that end one. In doubt it does not cut: a sentence that is
too long still says what its source said, half a sentence may not. Quotations of several sentences are cut inside.
"""

import re
from collections.abc import Iterator

from index.text.abbreviations import (
    AFTER_TIME,
    INNER,
    INNER_CAPITALISED,
    LEADING,
    MEASURES,
    NUMBERED,
    STARTERS,
    TITLES,
)
from index.types import Span

_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_BLANK_LINE = re.compile(r"\n\s*\n")
_ONE_LINE_END = ("\n", "\r\n", "\r", "\v", "\x85", "\u2028")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s|\s*\*\*[^*]+\*\*:?\s*$")
_ALONE = re.compile(r"\s*\||\s*(?:[-*_=]\s*){3,}$|\s*(?:```|~~~)")
_BULLET = re.compile(r"\s*[-*+•◦▪‣·]\s+\S")
_NUMBER = re.compile(r"\s*\(?(\d{1,3}|[a-zа-яіїєґ])[.)]\s+\S")
_DASH = re.compile(r"\s*[–—]\s+\S")
_DASH_MAY_FOLLOW = re.compile(r"[.!?…:;»”\"]\s*$")

# Possessive, and starting only where a run of stops starts, so that hostile runs of dots stay linear.
_STOP = re.compile(
    r"""
    (?<![.!?…])(?P<stop>[.!?…]++)
    (?P<closers>(?:[)\]}"'»”’›“*_]|[ \u00a0\u202f]»|[ ]["'”](?=\s))*+)  # set apart by a space in some typography
    (?:\[\d{1,3}\])*+  # footnotes
    (?=\s)
    """,
    re.VERBOSE,
)
_SPACE = re.compile(r"\s+")
_NEXT = re.compile(r"[\s\"'«“„”‘‚‹(\[{*_]*(?P<word>[^\W_][\w’'-]*)?(?P<after>\.?)")
_LAST_WORD = re.compile(r"[^\W_](?:[\w.’'-]*\w)?$")
_DOTTED = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
_TWO_LETTERS = re.compile(r"[^\W\d_]{2}")
_SAID = re.compile(
    r"\s*(?:[^\W\d_][\w’'-]*\s+){1,3}?(?:said|asked|told|wrote|added|says|asks|replied|posted|exclaimed|warned)\b"
)
_LONGEST_ABBREVIATION = 24  # characters looked at before a stop; the longest entry is far shorter
_LONGEST_MARKER = 8  # "(viii." and shorter may be the number of what follows


def split_sentences(text: str) -> list[Span]:
    """The sentences of `text` in order; white space alone gives [].

    Spans do not overlap, have no white space at their ends, and hold every other character of `text` once.
    """
    return [sentence for block in _blocks(text) for sentence in _cut(text, block)]


def paragraph_ends_between(text: str, start: int, end: int) -> bool:
    """Whether the gap `text[start:end]` between two sentences holds a blank line."""
    return _BLANK_LINE.search(text, start, end) is not None


def _blocks(text: str) -> Iterator[Span]:
    """Stretches of lines that belong together; the space between them holds nothing but white space."""
    start = end = 0
    previous = ""  # the line before, when it belongs to the open block
    in_list = False
    line_end = 0
    for line in _LINE.finditer(text):
        content = line.group()
        blank = not content.strip()
        follows_directly = text[line_end : line.start()] in _ONE_LINE_END
        if previous and (blank or not follows_directly):
            yield Span(start, end)
            previous = ""
        line_end = line.end()
        if blank:
            continue
        alone = bool(_HEADING.match(content) or _ALONE.match(content))
        item = _is_item(content, previous, in_list)
        if previous and (alone or item):
            yield Span(start, end)
            previous = ""
        if not previous:
            start = line.start()
            in_list = item
        end = line.end()
        previous = content
        if alone:
            yield Span(start, end)
            previous = ""
    if previous:
        yield Span(start, end)


def _is_item(line: str, previous: str, in_list: bool) -> bool:
    """Whether a line begins a list item. As in CommonMark, only number 1 interrupts a paragraph:
    a wrapped line may well begin with "19. "."""
    if _BULLET.match(line):
        return True
    if number := _NUMBER.match(line):
        return not previous or in_list or number.group(1) in ("1", "a", "а")
    return bool(_DASH.match(line) and (not previous or _DASH_MAY_FOLLOW.search(previous)))


def _cut(text: str, block: Span) -> Iterator[Span]:
    """The sentences of one block."""
    start = _skip_space(text, block.start, block.end)
    for stop in _STOP.finditer(text, start, block.end):
        if stop.end() > start and _ends_sentence(text, start, stop, block.end):
            yield Span(start, stop.end())
            start = _skip_space(text, stop.end(), block.end)
    end = start + len(text[start : block.end].rstrip())
    if end > start:
        yield Span(start, end)


def _skip_space(text: str, start: int, end: int) -> int:
    space = _SPACE.match(text, start, end)
    return space.end() if space else start


def _ends_sentence(text: str, start: int, stop: re.Match[str], block_end: int) -> bool:
    """Whether the sentence that began at `start` ends with this stop."""
    if _is_marker(text, start, stop):
        return False
    following = _NEXT.match(text, stop.end(), block_end)
    word = following.group("word") or ""
    if not (_may_begin_sentence(word) if word else _may_begin_with_sign(text, stop.end(), block_end)):
        return False
    if stop.group("closers") and stop.group("stop") != "." and _SAID.match(text, stop.end(), block_end):
        return False
    if stop.group("stop") != ".":
        return True
    return _ends_at_full_stop(text, max(start, stop.start() - _LONGEST_ABBREVIATION), stop.start(), following)


def _is_marker(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether all there is so far are signs, or the number of an item or a heading: "2.", "IV.", "(b."."""
    if stop.start() - start > _LONGEST_MARKER:
        return False
    so_far = text[start : stop.start()].lstrip("#-*+•([ ")
    if stop.group("stop") != ".":
        return not any(map(str.isalnum, so_far))
    return not _TWO_LETTERS.search(so_far) or (so_far.isupper() and not so_far.strip("IVXLC"))


def _may_begin_with_sign(text: str, start: int, end: int) -> bool:
    """Whether the sign that follows may begin a sentence, as a dash in «Нет!» — сказал он may not."""
    begin = _skip_space(text, start, end)
    return begin == end or text[begin] not in "-–—,;:/&+="


def _may_begin_sentence(word: str) -> bool:
    """A capital, a digit, a letter without case, or a name such as iPhone and eBay."""
    return not word[0].islower() or any(letter.isupper() for letter in word.split("-")[0][1:3])


def _ends_at_full_stop(text: str, start: int, end: int, following: re.Match[str]) -> bool:
    """Whether the single full stop at `end` closes the sentence rather than an abbreviation."""
    found = _LAST_WORD.search(text, start, end)
    if not found:
        return True
    written = found.group()
    word = following.group("word") or ""
    for form in (written, written.rpartition("-")[2]):
        if form in TITLES or form.casefold() in LEADING:
            return False
        if form.casefold() in NUMBERED:
            return not word[:1].isdigit()
        if _is_measure(text, start, found.start(), form.casefold()):
            return word[:1].isalpha() and not _continues_time(form, following)
        if _is_inner(form):
            return word.casefold() in STARTERS and not following.group("after")
    return True


def _is_measure(text: str, start: int, word_start: int, word: str) -> bool:
    spaced = word in ("д", "п") and text[start:word_start].rstrip().endswith(("т.", "Т."))
    return spaced or word in MEASURES


def _is_inner(word: str) -> bool:
    """Initials, dotted acronyms and the abbreviations that stand inside sentences."""
    initial = len(word) == 1 and word.isalpha()
    return initial or bool(_DOTTED.fullmatch(word)) or word.casefold() in INNER or word in INNER_CAPITALISED


def _continues_time(abbreviation: str, following: re.Match[str]) -> bool:
    """Whether "p.m." is followed by its day or zone: "5 p.m. Monday", "5 p.m. Kyiv time"."""
    if abbreviation.casefold() not in ("a.m", "p.m"):
        return False
    zone = following.string.startswith((" time", "\ntime", "\r\ntime"), following.end("word"))
    return zone or following.group("word") in AFTER_TIME

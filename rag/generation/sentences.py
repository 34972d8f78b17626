"""A model's reply, piece by piece, to sentences of plain text and the passages they name.

Markdown, HTML and thinking aloud are taken off here; nothing of what is left is believed yet.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from index.text.sentences import split_sentences

_THINKING = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_NUMBERS = r"\d{1,4}(?:\s*[,;–-]\s*\d{1,4})*"
_WORD = r"(?:passages?|sources?|документ\w*|джерел\w*|источник\w*|уривк\w*|уривок|отрыв\w*)?\s*"
_MARKER = re.compile(rf"\s*(?:\[\^?{_WORD}({_NUMBERS})\]|【{_WORD}({_NUMBERS})[^】]*】)(?!\()", re.IGNORECASE)
# Markers after a stop belong to the sentence before it ("It ended. [2] It began."): they are moved before the stop.
_MARKERS_AFTER_STOP = re.compile(rf"([.!?…]+[\"'»”’)*_]*)((?:\s*{_MARKER.pattern})+)", re.IGNORECASE)
_UNFINISHED_MARKER = re.compile(r"[\[【][^\]】\n]{0,30}\Z")

_IMAGE_OR_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_TAG = re.compile(r"</?[a-zA-Z!][^>]*>|<!--.*?-->", re.DOTALL)
_FENCE = re.compile(r"^\s*(?:```|~~~).*$", re.MULTILINE)
_OPENING = re.compile(r"^\s*(?:#{1,6}\s+|>+\s*|[-*+•]\s+|\d{1,2}[.)]\s+)+")
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`+")
_LABEL = re.compile(r"^(?:answer|відповідь|ответ)\s*:\s*", re.IGNORECASE)
_STOPPED = re.compile(r"[.!?…][\"'»”’)*_\]\s]*\Z")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that a model wrote, and the numbers of the passages that it names, in the order it names them."""

    text: str
    numbers: tuple[int, ...]


class SentenceAssembler:
    """Gathers pieces until sentences are whole."""

    def __init__(self) -> None:
        self._text = ""

    def add(self, piece: str) -> list[Claim]:
        """The sentences that are complete now: those after which another has begun."""
        self._text += piece
        text = _with_markers_inside(_THINKING.sub("", self._text))
        spans = split_sentences(text)
        if len(spans) < 2 or _UNFINISHED_MARKER.search(text) or not _has_words(text[spans[-1].start :]):
            return []
        self._text = text[spans[-1].start :]
        return _claims(text[span.start : span.end] for span in spans[:-1])

    def finish(self, *, complete: bool) -> list[Claim]:
        """What is left. Unless the reply is `complete`, a sentence without its stop is not taken: it was cut off."""
        text = _with_markers_inside(_THINKING.sub("", self._text))
        left = [text[span.start : span.end] for span in split_sentences(text)]
        self._text = ""
        if left and not complete and not _STOPPED.search(_MARKER.sub("", left[-1])):
            left.pop()
        return _claims(left)


def plain(text: str) -> str:
    """The words of a model's sentence on one line, without markup, links and characters that are not seen."""
    text = _TAG.sub(" ", _FENCE.sub("", text))
    text = _IMAGE_OR_LINK.sub(r"\1", text)
    text = _EMPHASIS.sub("", _OPENING.sub("", text))
    text = "".join(char if char.isspace() or unicodedata.category(char)[0] != "C" else "" for char in text)
    return _LABEL.sub("", " ".join(text.split()))


def _claims(sentences: Iterable[str]) -> list[Claim]:
    claims = []
    for sentence in sentences:
        written = [marker.group(1) or marker.group(2) for marker in _MARKER.finditer(sentence)]
        numbers = [number for numbers in map(_numbers, written) for number in numbers]
        text = plain(_MARKER.sub("", sentence))
        if text:
            claims.append(Claim(text, tuple(dict.fromkeys(numbers))))
    return claims


def _numbers(written: str) -> list[int]:
    numbers: list[int] = []
    for part in re.split(r"\s*[,;]\s*", written):
        first, _, last = re.sub(r"\s", "", part).replace("–", "-").partition("-")
        numbers += range(int(first), int(last) + 1) if last and int(last) - int(first) < 20 else [int(first)]
    return numbers


def _with_markers_inside(text: str) -> str:
    return _MARKERS_AFTER_STOP.sub(lambda match: f" {match.group(2).strip()}{match.group(1)}", text)


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, _MARKER.sub("", text)))

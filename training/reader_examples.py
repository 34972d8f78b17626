"""What the reader learns from: questions and claims with passages, and the views of them that an epoch draws.

Our own passages lie in `training/data/reader/`. Further question sets are read from the folder that the environment
variable READER_BENCH names, if it is set: `clapnq_dev` and `xquad_en_ru`, of each the half that is for training.
"""

import datetime as dt
import hashlib
import json
import os
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.text.dates import spell_date
from index.text.sentences import split_sentences
from index.types import Span

OWN_DATA = Path(__file__).parent / "data" / "reader"
BENCH_VARIABLE = "READER_BENCH"
VALIDATION_PERCENT = 8

_WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True)
class SourcePassage:
    """A passage with its sentences; `split` is `train` or `validation`."""

    id: str
    source: str
    language: str
    head: str
    text: str
    sentences: tuple[Span, ...]
    split: str


@dataclass(frozen=True)
class Item:
    """A question or claim about a passage. `answers` are the spans of the text that answer, any of them."""

    passage: SourcePassage
    asked: str
    kind: str
    label: str
    answers: tuple[Span, ...] = ()
    language: str = ""

    @property
    def positive(self) -> bool:
        return self.label in ("answer", "supported")

    @property
    def is_claim(self) -> bool:
        return self.kind == "claim"


@dataclass(frozen=True)
class View:
    """One thing to learn: what is asked, what is read, whether it answers, and where (spans of `text`)."""

    asked: str
    is_claim: bool
    head: str
    text: str
    positive: bool
    answers: tuple[Span, ...]


def passage_head(title: str, date: dt.date | None) -> str:
    """Title and date as the reader sees them before the passage."""
    return f"{title} ({spell_date(date, 'en')})" if date else title


def own_items(folder: Path = OWN_DATA) -> Iterator[Item]:
    """The items that were written for this reader."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield from _own(json.loads(line))


def clapnq_items(folder: Path) -> Iterator[Item]:
    """ClapNQ dev: human questions with the sentences that answer them, or a passage on the topic that does not."""
    corpus = {row["id"]: row for row in _rows(folder / "corpus.jsonl")}
    for row in _rows(folder / "queries.jsonl"):
        source = corpus[
            (row["relevant_ids"] or row["distractor_ids"])[0] if row["answerable"] else row["distractor_ids"][0]
        ]
        passage = _passage(source["id"], "clapnq", "en", source["title"], source["text"], _half(row["id"]))
        if not row["answerable"]:
            yield Item(passage, row["question"], "question", "near_miss", language="en")
            continue
        spans = [
            Span(start, start + len(s)) for s in row["support_sentences"] if (start := source["text"].find(s)) >= 0
        ]
        if spans:
            yield Item(passage, row["question"], "question", "answer", tuple(spans), "en")


def xquad_items(folder: Path) -> Iterator[Item]:
    """XQuAD in English and Russian, each question over the paragraph in both languages."""
    corpus = {row["id"]: row for row in _rows(folder / "corpus.jsonl")}
    rows = {row["id"]: row for row in _rows(folder / "queries.jsonl")}
    for row in rows.values():
        for language in ("en", "ru"):
            there = rows[f"{language}-{row['pair']}"]
            source = corpus[there["relevant_ids"][0]]
            passage = _passage(
                source["id"], "xquad", language, source["title"], source["text"], _half(source["id"][3:])
            )
            answers = _occurrences(source["text"], there["answers"][0])
            yield Item(passage, row["question"], "question", "answer", answers, row["lang"])


def bench_items() -> list[Item]:
    """Both further sets, [] when the environment names no folder."""
    folder = os.environ.get(BENCH_VARIABLE)
    if not folder:
        return []
    return [*clapnq_items(Path(folder) / "clapnq_dev"), *xquad_items(Path(folder) / "xquad_en_ru")]


def draw_view(item: Item, neighbours: Sequence[SourcePassage], chance: random.Random) -> View:
    """A view of an item: the passage whole or in part, or another passage like it, which does not answer."""
    draw = chance.random()
    if item.is_claim:
        return _whole(item, chance) if draw < 0.9 or item.label == "mutated" else _elsewhere(item, neighbours, chance)
    if item.positive:
        if draw < 0.5:
            return _whole(item, chance)
        if draw < 0.72:
            return _window(item, chance, holding=True)
        return _window(item, chance, holding=False) if draw < 0.86 else _elsewhere(item, neighbours, chance)
    return _whole(item, chance) if draw < 0.7 else _window(item, chance, holding=True)


def whole_view(item: Item) -> View:
    """The passage as it is."""
    return View(item.asked, item.is_claim, item.passage.head, item.passage.text, item.positive, item.answers)


def holds(sentence: Span, answers: Iterable[Span]) -> bool:
    """Whether one of the answers lies in the sentence, at least in part."""
    return any(answer.start < sentence.end and sentence.start < answer.end for answer in answers)


def _whole(item: Item, chance: random.Random) -> View:
    sentences = list(item.passage.sentences)
    if not item.is_claim and chance.random() < 0.3 and len(sentences) > 3:
        spare = [s for s in sentences if not holds(s, item.answers)]
        dropped = set(chance.sample(spare, min(len(spare), chance.choice((1, 2)))))
        sentences = [s for s in sentences if s not in dropped]
        return _joined(item, sentences, chance)
    return View(item.asked, item.is_claim, _head(item, chance), item.passage.text, item.positive, item.answers)


def _window(item: Item, chance: random.Random, holding: bool) -> View:
    """One to three neighbouring sentences, those that answer (or, for a near miss, look most like it), or others."""
    sentences = item.passage.sentences
    size = min(chance.choice((1, 1, 2, 3)), len(sentences))
    windows = [sentences[start : start + size] for start in range(len(sentences) - size + 1)]
    if item.positive:
        fitting = [w for w in windows if any(holds(s, item.answers) for s in w) == holding]
        if not fitting:
            return _whole(item, chance)
        return _joined(item, chance.choice(fitting), chance)
    asked = set(_WORD.findall(item.asked.lower()))
    shared = [len(asked & set(_WORD.findall(item.passage.text[w[0].start : w[-1].end].lower()))) for w in windows]
    best = max(windows, key=lambda w: shared[windows.index(w)] + chance.random())
    return _joined(item, best if chance.random() < 0.7 else chance.choice(windows), chance)


def _joined(item: Item, sentences: Sequence[Span], chance: random.Random) -> View:
    text, answers = "", []
    for sentence in sentences:
        text += " " if text else ""
        for answer in item.answers:
            start, end = max(answer.start, sentence.start), min(answer.end, sentence.end)
            if start < end:
                shift = len(text) - sentence.start
                answers.append(Span(start + shift, end + shift))
        text += item.passage.text[sentence.start : sentence.end]
    return View(item.asked, item.is_claim, _head(item, chance), text, item.positive and bool(answers), tuple(answers))


def _elsewhere(item: Item, neighbours: Sequence[SourcePassage], chance: random.Random) -> View:
    if not neighbours:
        return _whole(item, chance)
    other = chance.choice(neighbours)
    return View(item.asked, item.is_claim, other.head, other.text, False, ())


def _head(item: Item, chance: random.Random) -> str:
    return item.passage.head if chance.random() < 0.85 else ""


def _own(row: dict) -> Iterator[Item]:
    date = dt.date.fromisoformat(row["date"]) if row["date"] else None
    split = "validation" if _share(row["id"]) < VALIDATION_PERCENT else "train"
    passage = _passage(row["id"], "own", row["language"], row["title"], row["passage"], split, date)
    for question in row["questions"]:
        answers = _occurrences(row["passage"], question["answer"]) if question["label"] == "answer" else ()
        language = question.get("ql") or row["language"]
        yield Item(passage, question["q"], "question", question["label"], answers, language)
    for claim in row["claims"]:
        yield Item(passage, claim["c"], "claim", claim["label"], language=claim.get("ql") or row["language"])


def _passage(
    identity: str, source: str, language: str, title: str, text: str, split: str, date: dt.date | None = None
) -> SourcePassage:
    head = passage_head(title.replace("_", " "), date)
    return SourcePassage(identity, source, language, head, text, tuple(split_sentences(text)), split)


def _occurrences(text: str, answer: str) -> tuple[Span, ...]:
    return tuple(Span(found.start(), found.end()) for found in re.finditer(re.escape(answer), text))


def _half(identity: str) -> str:
    return "train" if _share(identity) < 50 else "validation"


def _share(identity: str) -> int:
    """0..99, the same for an id for ever."""
    return int(hashlib.sha256(identity.encode()).hexdigest(), 16) % 100


def _rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

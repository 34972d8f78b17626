"""What the reader learns from: a question, a sentence under its title, and whether the sentence answers.

Our own invented passages and stories (`training/data`) and, where a folder has them, public sets written by people. Of
every set a part is held out, by hash of the passage, the article or the question: the same from run to run.
"""

import hashlib
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.text.sentences import split_sentences
from training.telltale import kept_questions

DATA = Path(__file__).parent / "data"
HELD_OUT = 6  # one passage in so many
HARD = 2  # sentences beside the answer that are taken for wrong ones, the most alike first
COMMON_WORDS = 800  # a word that so many sentences hold tells none of them apart

_WORD = re.compile(r"\w+")
_TREEBANK = (("-LRB- ", "("), (" -RRB-", ")"), ("`` ", '"'), (" ''", '"'))
_SPACE_BEFORE = re.compile(r" ([,.;:?!%')]|'s|n't)")


@dataclass(frozen=True, slots=True)
class Pair:
    """`evidence` is a title and a sentence, a line each. `kind` says why it does or doesn't answer."""

    question: str
    evidence: str
    answers: bool
    group: str
    source: str
    kind: str
    held_out: bool


def all_pairs(public: Path | None) -> list[Pair]:
    """Our own pairs and those of every set that the folder `public` holds, under the names that README.md gives."""
    pairs = list(own_pairs(sorted((DATA / "reader").glob("*.jsonl"))))
    pairs += story_pairs(sorted((DATA / "stories").glob("*.jsonl")))
    if public:
        pairs += squad_pairs(sorted(public.glob("squad*.json")))
        pairs += selqa_pairs(sorted(public.glob("selqa*.json")))
        pairs += qamr_pairs(public / "qamr-sentences.tsv", sorted(public.glob("qamr-questions*.tsv")))
    return pairs


def own_pairs(files: Iterable[Path]) -> Iterator[Pair]:
    for row in _english(files):
        sentences = _sentences(row["passage"])
        title = f"{row['title']}, {row['date']}" if row.get("date") else row["title"]
        held_out = _bucket(row["id"]) % HELD_OUT == 0
        for number, asked in enumerate(row["questions"]):
            told = asked.get("answer") if asked["label"] == "answer" else None
            yield from _of_passage(
                asked["q"], title, sentences, {told} - {None}, f"{row['id']}-{number}", "own", asked["label"], held_out
            )


def story_pairs(files: Iterable[Path]) -> Iterator[Pair]:
    """Several reports on one story: the wrong sentences come out of all of them, most of them those most alike.

    Questions whose wording gives their label away are thinned out.
    """
    rows = list(_english(files))
    questions = [(asked["q"], asked["label"] == "answer", row["id"]) for row in rows for asked in row["questions"]]
    kept = iter(kept_questions(*zip(*questions, strict=True)) if questions else [])
    for row in rows:
        asked = [(f"{row['id']}-{number}", one) for number, one in enumerate(row["questions"]) if next(kept)]
        yield from _of_story(row, asked)


def _of_story(row: dict, questions: Sequence[tuple[str, dict]]) -> Iterator[Pair]:
    sentences = [_sentences(document["text"]) for document in row["documents"]]
    titles = [f"{document['title']}, {document['date']}" for document in row["documents"]]
    evidence = [f"{title}\n{one}" for title, told in zip(titles, sentences, strict=True) for one in told]
    chance = random.Random(row["id"])
    held_out = _bucket(row["id"]) % HELD_OUT == 0
    for group, asked in questions:
        answer = asked.get("answer") if asked["label"] == "answer" else None
        if answer:
            place = asked["document"]
            for one in [one for one in sentences[place] if answer in one][:1]:
                yield Pair(asked["q"], f"{titles[place]}\n{one}", True, group, "story", "answer", held_out)
        alike = _most_alike(asked["q"], [one for one in evidence if not answer or answer not in one])
        kind = "beside" if answer else asked["label"]
        for one in [*alike[:HARD], *chance.sample(alike[HARD:], min(1, len(alike[HARD:])))]:
            yield Pair(asked["q"], one, False, group, "story", kind, held_out)


def squad_pairs(files: Iterable[Path]) -> Iterator[Pair]:
    """SQuAD 2.0, whose unanswerable questions were written to look answerable."""
    for file in files:
        for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
            title = article["title"].replace("_", " ")
            for paragraph in article["paragraphs"]:
                sentences = _sentences(paragraph["context"])
                held_out = _bucket(paragraph["context"]) % HELD_OUT == 0
                for asked in paragraph["qas"]:
                    told = {answer["text"] for answer in asked["answers"]}
                    label = "answer" if told else "near_miss"
                    yield from _of_passage(
                        asked["question"], title, sentences, told, asked["id"], "squad", label, held_out
                    )


def selqa_pairs(files: Iterable[Path]) -> Iterator[Pair]:
    """SelQA, answer sentence selection: every sentence of a section is a candidate."""
    for file in files:
        for number, row in enumerate(json.loads(file.read_text(encoding="utf-8"))):
            title, held_out = row["article"].replace("_", " "), _bucket(row["article"]) % HELD_OUT == 0
            right = {row["candidates"][index] for index in row["answers"]}
            wrong = [sentence for sentence in row["candidates"] if sentence not in right]
            group = f"{file.stem}-{number}"
            for sentence in right:
                yield Pair(row["question"], f"{title}\n{sentence}", True, group, "selqa", "answer", held_out)
            for sentence in _most_alike(row["question"], wrong)[: 2 * HARD]:
                yield Pair(row["question"], f"{title}\n{sentence}", False, group, "selqa", "beside", held_out)


def qamr_pairs(sentence_file: Path, files: Iterable[Path]) -> Iterator[Pair]:
    """QAMR: plain questions about the words of one sentence; the wrong sentence is one of another text much like it."""
    if not sentence_file.is_file():
        return
    lines = sentence_file.read_text(encoding="utf-8").splitlines()
    sentences = {key: _plain(text) for key, _, text in (line.partition("\t") for line in lines)}
    holding: dict[str, list[str]] = defaultdict(list)
    for key, text in sentences.items():
        for word in _words(text):
            holding[word].append(key)
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
            key, _, _, _, _, question, *_ = line.split("\t")
            if key not in sentences:
                continue
            group, held_out = f"{file.stem}-{number}", _bucket(key) % HELD_OUT == 0
            yield Pair(question, sentences[key], True, group, "qamr", "answer", held_out)
            if other := _nearest_other(question, key, holding):
                yield Pair(question, sentences[other], False, group, "qamr", "beside", held_out)


def _of_passage(
    question: str,
    title: str,
    sentences: Sequence[str],
    told: set[str],
    group: str,
    source: str,
    label: str,
    held_out: bool,
) -> Iterator[Pair]:
    """The first sentence that tells it, and those most like the question that don't."""
    right = [sentence for sentence in sentences if any(answer in sentence for answer in told)]
    wrong = [sentence for sentence in sentences if sentence not in right]
    for sentence in right[:1]:
        yield Pair(question, f"{title}\n{sentence}", True, group, source, "answer", held_out)
    for sentence in _most_alike(question, wrong)[:HARD]:
        kind = "beside" if label == "answer" else label
        yield Pair(question, f"{title}\n{sentence}", False, group, source, kind, held_out)


def _most_alike(question: str, sentences: Sequence[str]) -> list[str]:
    asked = _words(question)
    return sorted(sentences, key=lambda sentence: -len(asked & _words(sentence)))


def _nearest_other(question: str, own: str, holding: dict[str, list[str]]) -> str | None:
    shared: Counter[str] = Counter()
    for word in sorted(_words(question)):
        if len(holding[word]) < COMMON_WORDS:
            shared.update(dict.fromkeys(holding[word], 1))
    del shared[own]
    return shared.most_common(1)[0][0] if shared else None


def _words(text: str) -> set[str]:
    """Words by their first letters, so that most of their forms meet."""
    return {word[:6] for word in _WORD.findall(text.casefold()) if len(word) > 2}


def _sentences(text: str) -> list[str]:
    return [" ".join(text[span.start : span.end].split()) for span in split_sentences(text)]


def _plain(treebank: str) -> str:
    for mark, plain in _TREEBANK:
        treebank = treebank.replace(mark, plain)
    return _SPACE_BEFORE.sub(r"\1", treebank)


def _bucket(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])


def _english(files: Iterable[Path]) -> Iterator[dict]:
    """What is English of our own data: MiniLM reads nothing else, and spells other scripts out letter by letter."""
    for row in _json_lines(files):
        if row["language"] == "en":
            yield row | {"questions": [asked for asked in row["questions"] if asked.get("ql", "en") == "en"]}


def _json_lines(files: Iterable[Path]) -> Iterator[dict]:
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)

# ruff: noqa: T201 (commands print)
"""What the reader is worth on what it was not trained on; prints tables.

    READER_BENCH=FOLDER python -m training.measure_reader passages
    READER_BENCH=FOLDER python -m training.measure_reader claims
    PARLEY_HOME=... python -m training.measure_reader retrieval QUESTIONS.jsonl

`passages`: one passage a question, ours held out and the held-out halves of ClapNQ and XQuAD. `claims`: ours held out,
and WiCE dev. `retrieval`: questions through the real retrieval of the collection at PARLEY_HOME; whether they can be
answered, and whether the right sentence comes first, by today's evidence score, by the reader and by both. `own
FOLDER` writes our passages as a collection to sync, and the held-out questions on them, for the same: that is what
weights and thresholds are chosen on.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from index.collection import Collection
from index.embedding import open_embedder
from index.settings import load_settings
from index.text.names import load_names
from index.text.sentences import split_sentences
from index.types import Span
from rag.answering import evidence as today
from rag.answering.extractive import compose
from rag.chain import Inquiry, build_stages
from rag.evaluation.layouts import load_questions
from rag.evaluation.metrics.must_include import must_include
from rag.evaluation.questions import EvalQuestion
from rag.grounding import support
from rag.types import Question
from training.reader import Evidence, Reader, Reading
from training.reader.reader import WEIGHTS_FILE
from training.reader_examples import BENCH_VARIABLE, OWN_DATA, Item, bench_items, holds, own_items, passage_head

WORD_LIMIT = 80
READER_WEIGHTS = (0.5, 1.0, 1.5, 2.0, 3.0)
WICE_WINDOW, WICE_WINDOWS = 5, 12


def measure_passages(reader: Reader) -> None:
    """Answerable or not, and which sentence, one passage a question."""
    embedder = open_embedder("e5", Path())
    items = [i for i in [*own_items(), *bench_items()] if i.passage.split == "validation" and not i.is_claim]
    items = [i for i in items if i.passage.source != "xquad" or _drawn(i)]
    print(f"{'set':24}{'n':>6}{'AUROC reader':>14}{'e5 best':>9}{'sentence reader':>17}{'e5':>7}{'answer F1':>11}")
    groups: dict[str, list[tuple[Item, Reading, np.ndarray]]] = {}
    for item in items:
        reading = reader.read(item.asked, [Evidence(item.passage.text, item.passage.head)])[0]
        texts = [item.passage.text[s.start : s.end] for s in item.passage.sentences]
        row = (item, reading, embedder.encode_passages(texts) @ embedder.encode_query(item.asked))
        for name in {item.passage.source, f"{item.passage.source} {item.language}->{item.passage.language}"}:
            groups.setdefault(name, []).append(row)
    for name, rows in sorted(groups.items()):
        _print_passages(name, rows)


def _drawn(item: Item) -> bool:
    """An eighth of XQuAD's questions, which come in four pairings of languages."""
    return int(item.passage.id[3:].strip("p")) % 8 == 0


def _print_passages(name: str, rows: Sequence[tuple[Item, Reading, np.ndarray]]) -> None:
    truth = [item.positive for item, _, _ in rows]
    hits = [
        (holds(_best_sentence(item, reading), item.answers), holds(item.passage.sentences[near.argmax()], item.answers))
        for item, reading, near in rows
        if item.positive and item.answers
    ]
    overlap = [_answer_f1(item, reading) for item, reading, _ in rows if item.positive and item.answers]
    ours, theirs = np.mean(hits, axis=0) if hits else (np.nan, np.nan)
    print(
        f"{name:24}{len(rows):6}{_auroc(truth, [r.score for _, r, _ in rows]):14.3f}"
        f"{_auroc(truth, [near.max() for *_, near in rows]):9.3f}{ours:17.3f}{theirs:7.3f}{np.mean(overlap):11.3f}"
    )


def _best_sentence(item: Item, reading: Reading) -> Span:
    return max(item.passage.sentences, key=reading.share)


def _answer_f1(item: Item, reading: Reading) -> float:
    """Overlap in words of the span that the reader points at with the best of the answers."""
    found = reading.answer()
    if found is None:
        return 0.0
    said = item.passage.text[found.start : found.end].lower().split()
    best = 0.0
    for answer in item.answers:
        wanted = item.passage.text[answer.start : answer.end].lower().split()
        common = sum(min(said.count(w), wanted.count(w)) for w in set(wanted))
        best = max(best, 2 * common / (len(said) + len(wanted)))
    return best


def measure_claims(reader: Reader) -> None:
    """Supported or not: AUROC of the reader, of word overlap, and of both."""
    items = [i for i in own_items() if i.passage.split == "validation" and i.is_claim]
    read = [reader.check(i.asked, [Evidence(i.passage.text, i.passage.head)])[0].score for i in items]
    words = [support(f"{i.passage.head}. {i.passage.text}", i.asked) for i in items]
    _print_claims("own", [i.positive for i in items], read, words)
    for language in sorted({i.passage.language for i in items}):
        chosen = [n for n, i in enumerate(items) if i.passage.language == language]
        _print_claims(
            f"own {language}",
            [items[n].positive for n in chosen],
            [read[n] for n in chosen],
            [words[n] for n in chosen],
        )
    folder = os.environ.get(BENCH_VARIABLE)
    if folder:
        pairs = [json.loads(line) for line in (Path(folder) / "wice_dev" / "pairs_dev.jsonl").open(encoding="utf-8")]
        read = [_best_window(reader, pair["claim"], pair["evidence"]) for pair in pairs]
        words = [support(pair["evidence"], pair["claim"]) for pair in pairs]
        _print_claims("WiCE dev", [pair["label"] == 1 for pair in pairs], read, words)


def _best_window(reader: Reader, claim: str, article: str) -> float:
    """The best score over the windows of a long article that word overlap likes best."""
    sentences = [article[s.start : s.end] for s in split_sentences(article)]
    windows = [
        " ".join(sentences[first : first + WICE_WINDOW])
        for first in range(0, max(1, len(sentences) - WICE_WINDOW + 1), WICE_WINDOW // 2)
    ]
    asked = set(claim.lower().split())
    best = sorted(windows, key=lambda w: -len(asked & set(w.lower().split())))[:WICE_WINDOWS]
    return max(reading.score for reading in reader.check(claim, [Evidence(window) for window in best]))


def _print_claims(name: str, truth: Sequence[bool], read: Sequence[float], words: Sequence[float]) -> None:
    both = _ranks(read) + _ranks(words)
    print(
        f"{name:12} n={len(truth):4}  AUROC reader {_auroc(truth, read):.3f}, word overlap {_auroc(truth, words):.3f}, "
        f"mean of ranks {_auroc(truth, both):.3f}, product {_auroc(truth, np.multiply(read, words)):.3f}"
    )


@dataclass(frozen=True)
class Asked:
    """A question with the evidence found for it, and what the reader says of each sentence and passage."""

    question: EvalQuestion
    evidence: list[today.Evidence]
    passage_scores: list[float]
    sentence_scores: list[float]
    shares: list[float]


def ask(reader: Reader, questions: Sequence[EvalQuestion]) -> list[Asked]:
    """Every question through the real retrieval; what came back read by the reader."""
    settings = load_settings()
    embedder, names = open_embedder("e5", settings.home), load_names()
    collection = Collection(settings, embedder)
    stages = build_stages(embedder, names)
    asked = []
    with collection.snapshot() as snapshot:
        for number, question in enumerate(questions):
            asked_for = Question(question=question.question, history=question.history, as_of=question.as_of)
            inquiry = Inquiry(asked_for, snapshot)
            for name in ("understand", "retrieve", "rerank"):
                inquiry = stages[name].invoke(inquiry)
            found = today.find_evidence(inquiry.query, inquiry.expects, inquiry.reranked, names)
            asked.append(_read(reader, question, inquiry, found))
            print(f"\r{number + 1}/{len(questions)}", end="", file=sys.stderr)
    return asked


def _read(reader: Reader, question: EvalQuestion, inquiry: Inquiry, found: list[today.Evidence]) -> Asked:
    passages = inquiry.reranked.passages
    evidence = [Evidence(p.chunk.text, passage_head(p.document.title, p.document.date)) for p in passages]
    readings = dict(zip((p.chunk.id for p in passages), reader.read(inquiry.standalone.text, evidence), strict=True))
    shares, scores = [], []
    for one in found:
        chunk = one.sentence.passage.chunk
        reading = readings[chunk.id]
        span = one.sentence.span
        share = reading.share(Span(span.start - chunk.start, span.end - chunk.start))
        shares.append(share)
        scores.append(reading.score * share)
    return Asked(question, found, [r.score for r in readings.values()], scores, shares)


Scorer = Callable[[Asked], list[float]]


def _logit(p: Iterable[float]) -> np.ndarray:
    clipped = np.clip(np.fromiter(p, float), 1e-4, 1 - 1e-4)
    return np.log(clipped / (1 - clipped))


def measure_retrieval(reader: Reader, path: Path) -> None:
    """Answerability, and whether the right sentence comes first, through the real retrieval."""
    asked = ask(reader, load_questions(path))
    print()
    groups = {"all": asked}
    for one in asked:
        groups.setdefault(one.question.language, []).append(one)
    for name, rows in groups.items():
        truth = [row.question.answerable for row in rows]
        features = {
            "best sentence": [max(row.sentence_scores, default=0) for row in rows],
            "best passage": [max(row.passage_scores, default=0) for row in rows],
            "mean of 3": [float(np.mean(sorted(row.passage_scores)[-3:])) for row in rows],
            "today's score": [max((e.score for e in row.evidence), default=0) for row in rows],
        }
        print(f"\n{path.name} {name}: n={len(rows)}, answerable {sum(truth)}")
        print("  AUROC of answerable: " + ", ".join(f"{k} {_auroc(truth, v):.3f}" for k, v in features.items()))
        for label, scorer in scorers().items():
            _print_choice(label, rows, scorer)


def scorers() -> dict[str, Scorer]:
    """Ways of scoring sentences: today's, the reader's, and both with several weights."""
    ways: dict[str, Scorer] = {
        "today": lambda row: [e.score for e in row.evidence],
        "reader": lambda row: list(_logit(row.sentence_scores)),
    }
    for weight in READER_WEIGHTS:
        ways[f"today + {weight} logit"] = lambda row, w=weight: [
            e.score + w * s for e, s in zip(row.evidence, _logit(row.sentence_scores), strict=True)
        ]
    for weight in READER_WEIGHTS:
        ways[f"today + {2 * weight} probability"] = lambda row, w=2 * weight: [
            e.score + w * s for e, s in zip(row.evidence, row.sentence_scores, strict=True)
        ]
    for weight in READER_WEIGHTS:
        ways[f"today + {weight} share"] = lambda row, w=weight: [
            e.score + w * s for e, s in zip(row.evidence, row.shares, strict=True)
        ]
    return ways


def _print_choice(label: str, rows: Sequence[Asked], scorer: Scorer) -> None:
    first, correct, cited = [], [], []
    for row in rows:
        if not row.question.answerable or not row.question.slots:
            continue
        scores = scorer(row)
        scored = [replace(e, score=float(s)) for e, s in zip(row.evidence, scores, strict=True)]
        scored.sort(key=lambda e: -e.score)
        if not scored:
            first.append(0.0), correct.append(0.0), cited.append(0.0)
            continue
        first.append(must_include(scored[0].sentence.text, row.question.slots, WORD_LIMIT))
        # What is said beside the best sentence depends on the scores' level, so that is made today's.
        level = max(e.score for e in row.evidence) - scored[0].score
        centred = [replace(e, score=e.score + level) for e in scored]
        draft = compose(centred, row.question.language, load_names())
        correct.append(must_include(draft.text, row.question.slots, WORD_LIMIT))
        cited.append(float(draft.citations[0].document_id in row.question.relevant))
    print(
        f"    {label:26} first sentence has it {np.mean(first):.3f}, answer correct {np.mean(correct):.3f}, "
        f"first citation right {np.mean(cited):.3f}"
    )


def write_own(folder: Path) -> None:
    """Our passages as `documents.jsonl`, the questions on those held out as `questions.jsonl`."""
    items = list(own_items())
    rows = [json.loads(line) for path in sorted(OWN_DATA.glob("*.jsonl")) for line in path.open(encoding="utf-8")]
    folder.mkdir(parents=True, exist_ok=True)
    documents = [{**{k: row[k] for k in ("id", "title", "date", "language")}, "text": row["passage"]} for row in rows]
    questions = [
        {
            "id": f"{item.passage.id}-{number}",
            "question": item.asked,
            "type": "question" if item.label == "answer" else item.label.replace("_", "-"),
            "must_include": [[item.passage.text[s.start : s.end] for s in item.answers]] if item.positive else [],
            "relevant": [item.passage.id] if item.positive else [],
            "answerable": item.positive,
            "language": item.language,
        }
        for number, item in enumerate(items)
        if item.passage.split == "validation" and not item.is_claim
    ]
    for name, lines in (("documents", documents), ("questions", questions)):
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")


def _auroc(truth: Sequence[bool], scores: Sequence[float]) -> float:
    return float(roc_auc_score(truth, scores)) if len(set(truth)) == 2 else float("nan")


def _ranks(values: Sequence[float]) -> np.ndarray:
    return np.argsort(np.argsort(values)).astype(float)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("passages", "claims", "retrieval", "own"))
    parser.add_argument("questions", nargs="*", type=Path, help="question files for `retrieval`, the folder for `own`")
    parser.add_argument("--weights", type=Path, default=WEIGHTS_FILE)
    arguments = parser.parse_args()
    if arguments.what == "own":
        write_own(arguments.questions[0])
        return
    reader = Reader.open(arguments.weights)
    if arguments.what == "passages":
        measure_passages(reader)
    elif arguments.what == "claims":
        measure_claims(reader)
    else:
        for path in arguments.questions:
            measure_retrieval(reader, path)


if __name__ == "__main__":
    main()

"""A language model beside the extractive answerer on the same questions.

    PARLEY_LLM=ollama:qwen3:4b python -m benchmarks.model tests/questions/core.jsonl --out reports/model

The model is the one that PARLEY_LLM names. Run the same command again to go on with what is left; a model that goes
away stops it. Markdown goes to stdout; DIR/model and DIR/extractive hold the reports, DIR/sentences.jsonl every
sentence that the model wrote with what became of it.
"""

import argparse
import datetime as dt
import json
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import median

from tqdm import tqdm

from benchmarks.quality.asking import PASSAGES, SUPPORT_THRESHOLD, WORD_LIMIT, run_settings
from index.collection import Collection
from index.embedding import open_embedder
from index.errors import ParleyError, SettingsError
from index.offline import silence_telemetry
from index.settings import load_settings
from index.sync import sync
from index.text.names import load_names
from rag.assistant import Assistant
from rag.evaluation.layouts import load_questions
from rag.evaluation.questions import EvalQuestion, sample
from rag.evaluation.report import write_report_page
from rag.evaluation.rows import read_rows
from rag.evaluation.run import Plan, run_questions
from rag.evaluation.scoring import Rules, from_threshold
from rag.evaluation.summary import Report
from rag.evaluation.targets import FoundPassage, LibraryTarget
from rag.generation.checking import Checked
from rag.generation.opening import open_model
from rag.generation.writing import Writer
from rag.grounding import support
from rag.retrieval.reader import Reader
from rag.types import Answer, AnswerEvent, Question, TokenEvent

SENTENCES_FILE = "sentences.jsonl"
FIGURES = (
    "correct",
    "correct_answered",
    "citation_precision",
    "citation_recall",
    "quote_exactness",
    "answered_answerable",
    "abstained_unanswerable",
    "false_premise_handled",
    "answer_words",
)


class WatchedTarget(LibraryTarget):
    """Asks with streaming, and writes down what became of each sentence and when the first one stood."""

    def __init__(self, assistant: Assistant, collection: Collection, checked: list[Checked], file: Path) -> None:
        """`checked` is where the assistant's writer notes its sentences."""
        super().__init__(assistant, collection)
        self._checked = checked
        self._file = file

    def ask(self, question: Question) -> Answer:
        self._checked.clear()
        start, first = time.perf_counter(), None
        for event in self._assistant.stream(question, followups=False):
            if isinstance(event, TokenEvent) and first is None:
                first = time.perf_counter() - start
            if isinstance(event, AnswerEvent):
                answer = event.answer
        sentences = [{"text": each.text, "outcome": each.outcome, "reasons": each.reasons} for each in self._checked]
        row = {"question": question.question, "status": answer.status, "first_s": first, "sentences": sentences}
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        return answer

    def search(self, question: str, k: int, as_of: dt.date | None) -> list[FoundPassage]:
        return []  # retrieval is the same for both, and is measured by `python -m rag.evaluation`


def main(arguments: list[str] | None = None) -> int:
    """Prints the table; 1 where the model or a question fails."""
    silence_telemetry()
    options = _parser().parse_args(arguments)
    try:
        questions = load_questions(options.questions)
        asked = sample(questions, options.sample) if options.sample else questions
        print(_measured(asked, options))  # noqa: T201
    except ParleyError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.model", description=__doc__.splitlines()[0])
    parser.add_argument("questions", type=Path, help="a .jsonl file of questions over the documents of PARLEY_SEEDS")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where reports are kept")
    parser.add_argument("--sample", type=int, metavar="N", help="ask N of them, drawn evenly over the types")
    return parser


def _measured(questions: list[EvalQuestion], options: argparse.Namespace) -> str:
    settings = load_settings()
    model = open_model(settings)
    if model is None:
        raise SettingsError("PARLEY_LLM is not set; name the model that is to be measured, such as ollama:qwen3:4b")
    embedder = open_embedder(settings.embedding_model, settings.home)
    if Collection.needs_seeds(settings):
        sync(settings, embedder)
    names = load_names(settings.names)
    options.out.mkdir(parents=True, exist_ok=True)
    sentences = options.out / SENTENCES_FILE
    with Collection(settings, embedder) as collection:
        checked: list[Checked] = []
        writer = Writer(model, names, embedder, verify=settings.llm_verify, watch=checked.append)
        written = Assistant(collection, embedder, names, writer=writer, cross_encoder=Reader())
        watched = WatchedTarget(written, collection, checked, sentences)
        plain = LibraryTarget(Assistant(collection, embedder, names, cross_encoder=Reader()), collection)
        reports = {
            "extractive": _run(options.out / "extractive", questions, plain),
            model.name: _run(options.out / "model", questions, watched),
        }
    return f"{_table(reports)}\n\n{_of_sentences(sentences)}"


def _run(folder: Path, questions: list[EvalQuestion], target: LibraryTarget) -> Report:
    settings = run_settings(folder.name, questions, target, PASSAGES)
    rules = Rules(PASSAGES, WORD_LIMIT, from_threshold(support, SUPPORT_THRESHOLD))
    with tqdm(total=len(questions), desc=folder.name, unit=" questions", file=sys.stderr, dynamic_ncols=True) as bar:
        plan = Plan(folder, questions, settings, rules)
        report = run_questions(plan, target, on_row=lambda done, _: bar.update(done - bar.n))
    write_report_page(folder, report, read_rows(folder))
    return report


def _table(reports: dict[str, Report]) -> str:
    lines = [f"| | {' | '.join(reports)} |", "|---|" + "---|" * len(reports)]
    for name in FIGURES:
        figures = [report.figures.get(name) for report in reports.values()]
        shown = [
            f"{figure.value:.2f} (n={figure.n})" if figure and figure.value is not None else "-" for figure in figures
        ]
        lines.append(f"| {name} | {' | '.join(shown)} |")
    return "\n".join(lines)


def _of_sentences(file: Path) -> str:
    """What became of the model's sentences, and the time to the first that was checked."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    outcomes = Counter(sentence["outcome"] for row in rows for sentence in row["sentences"])
    total = outcomes.total() or 1
    shares = ", ".join(f"{outcome} {count} ({count / total:.0%})" for outcome, count in outcomes.most_common())
    times = [row["first_s"] for row in rows if row["status"] == "answered" and row["first_s"] is not None]
    first = f"{median(times):.1f} s (median of {len(times)})" if times else "-"
    return f"Sentences: {shares or 'none'}. Time to the first checked sentence: {first}."


if __name__ == "__main__":
    sys.exit(main())

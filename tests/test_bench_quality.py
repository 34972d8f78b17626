"""The measurement of quality: on tiny sets, with the real embedder; metrics of its own are checked by hand."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from benchmarks.quality.__main__ import main
from benchmarks.quality.ablation import VARIANTS, StagedAssistant, ablation_table
from benchmarks.quality.asking import drawn
from benchmarks.quality.baselines import baseline_lines
from benchmarks.quality.claims import balanced_accuracy, cross_fitted_accuracy, word_overlap
from benchmarks.quality.homes import Homes
from benchmarks.quality.retrieval import COLUMNS, METRICS, Ranking, retrieval_line
from benchmarks.quality.tables import Column, Line, Table, without_empty_columns
from index.collection import Collection
from index.embedding import Embedder
from index.settings import Settings
from index.sync import sync
from index.text.names import load_names
from rag.assistant import Assistant
from rag.chain import build_stages
from rag.evaluation.metrics.undefined import UndefinedError
from rag.evaluation.questions import EvalQuestion
from rag.evaluation.summary import Figure
from rag.types import Question

DOCUMENTS = (
    {
        "id": "en-bread",
        "title": "Bakery",
        "lang": "en",
        "text": "The bakery on the corner sells rye bread for 4 euros.",
    },
    {"id": "en-ships", "title": "Harbour", "lang": "en", "text": "Cargo ships wait because the pilots are on strike."},
    {"id": "uk-bread", "title": "Пекарня", "lang": "uk", "text": "Пекарня на розі продає житній хліб за 4 євро."},
    {"id": "uk-ships", "title": "Порт", "lang": "uk", "text": "Вантажні судна чекають, бо лоцмани страйкують."},
)
QUERIES = (
    {
        "id": "q1",
        "question": "What does rye bread cost at the bakery?",
        "answers": ["4 euros"],
        "answerable": True,
        "relevant_ids": ["en-bread"],
        "xling_relevant_ids": ["uk-bread"],
        "lang": "en",
        "type": "price",
    },
    {
        "id": "q2",
        "question": "Чому чекають вантажні судна?",
        "answers": ["страйкують"],
        "answerable": True,
        "relevant_ids": ["uk-ships"],
        "xling_relevant_ids": ["en-ships"],
        "lang": "uk",
        "type": "reason",
    },
)
PAIRS = (
    {"id": "1", "evidence": "The pilots are on strike.", "claim": "The pilots are on strike.", "label": 1},
    {"id": "2", "evidence": "Ships wait outside the harbour.", "claim": "Ships wait.", "label": 1},
    {"id": "3", "evidence": "The pilots are on strike.", "claim": "Bread costs 4 euros.", "label": 0},
    {"id": "4", "evidence": "Ships wait outside.", "claim": "Frost killed the apple blossom.", "label": 0},
)
QUESTIONS = (
    {"id": "a", "question": "What bread does the bakery sell?", "type": "what", "answer": "Rye bread."}
    | {"must_include": [["rye"]], "relevant": ["bakery"]},
    {"id": "b", "question": "When was the opera house built?", "type": "unanswerable", "answerable": False},
)


@pytest.fixture
def write_lines() -> Callable[[Path, Iterable[Mapping]], Path]:
    def write(path: Path, rows: Iterable[Mapping]) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    return write


@pytest.fixture
def sets(tmp_path: Path, write_lines: Callable) -> Path:
    """A folder with a set in two languages, a set of claims, and one that cannot be read."""
    folder = tmp_path / "sets"
    write_lines(folder / "bread" / "corpus.jsonl", DOCUMENTS)
    write_lines(folder / "bread" / "queries.jsonl", QUERIES)
    (folder / "bread" / "NOTE.md").write_text(
        "| run | n | R@1 |\n|---|---|---|\n| BM25 | 7 | 0.25 |\n", encoding="utf-8"
    )
    write_lines(folder / "claims" / "pairs_dev.jsonl", PAIRS)
    write_lines(folder / "broken" / "corpus.jsonl", DOCUMENTS)
    (folder / "broken" / "queries.jsonl").write_text("no JSON\n", encoding="utf-8")
    return folder


@pytest.fixture
def in_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings, three_documents: None, sets: Path
) -> None:
    monkeypatch.setenv("PARLEY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PARLEY_SEEDS", str(settings.seeds))
    monkeypatch.setenv("PARLEY_BENCH", str(sets))
    monkeypatch.delenv("PARLEY_QUESTIONS", raising=False)


@pytest.fixture
def collection(settings: Settings, embedder: Embedder, three_documents: None) -> Iterator[Collection]:
    sync(settings, embedder)
    with Collection(settings, embedder) as opened:
        yield opened


@pytest.mark.usefixtures("in_environment")
def test_every_set_is_measured_though_one_cannot_be_read(
    tmp_path: Path, write_lines: Callable, capsys: pytest.CaptureFixture
) -> None:
    questions, result = write_lines(tmp_path / "mine.jsonl", QUESTIONS), tmp_path / "quality.json"

    assert main([str(questions), "--json", str(result)]) == 1

    shown = capsys.readouterr().out
    written = json.loads(result.read_text(encoding="utf-8"))
    assert [table["title"] for table in written["tables"]] == [
        "Questions: mine.jsonl",
        "bread: retrieval out of 4 documents",
        "bread: answers",
        "claims: claims",
    ]
    assert all(f"### {table['title']}" in shown for table in written["tables"])
    assert "**broken could not be measured**" in shown
    assert len(written["failures"]) == 1

    asked = written["tables"][0]["rows"][0]["figures"]
    assert asked["right document first"] == {"value": 1.0, "n": 1, "low": 1.0, "high": 1.0}
    assert asked["silent: unanswerable"]["n"] == 1

    retrieval = {row["label"]: row["figures"] for row in written["tables"][1]["rows"]}
    assert list(retrieval) == [
        "Parley, en → all, translations as one",
        "Parley, uk → all, translations as one",
        "Parley, en → en",
        "Parley, uk → en",
        "Parley, en → uk",
        "Parley, uk → uk",
        "BM25 (NOTE.md)",
    ]
    assert all(figures["R@1"]["value"] == 1.0 for label, figures in retrieval.items() if label.startswith("Parley"))
    assert (retrieval["BM25 (NOTE.md)"]["R@1"]["value"], retrieval["BM25 (NOTE.md)"]["R@1"]["n"]) == (0.25, 7)

    answers = {row["label"]: row["figures"] for row in written["tables"][2]["rows"]}
    assert list(answers) == ["all", "language en", "language uk", "type price", "type reason"]
    assert answers["all"]["answer contained in 80 words"]["n"] == 2

    claims = {row["label"]: row["figures"] for row in written["tables"][3]["rows"]}
    assert claims["pairs_dev: rag.grounding.support"]["AUC"]["value"] == 1.0
    assert claims["pairs_dev: word overlap"]["AUC"]["n"] == 4


@pytest.mark.usefixtures("in_environment")
def test_only_the_sets_that_are_named_are_measured(capsys: pytest.CaptureFixture) -> None:
    assert main(["--no-questions", "--sets", "claims", "--sample", "3"]) == 0

    shown = capsys.readouterr().out
    assert shown.count("###") == 1
    assert "(3)" in shown


@pytest.mark.usefixtures("in_environment")
def test_question_files_of_the_folder_in_the_environment_are_added(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, write_lines: Callable, capsys: pytest.CaptureFixture
) -> None:
    write_lines(tmp_path / "tests" / "questions" / "core.jsonl", QUESTIONS)
    write_lines(tmp_path / "held" / "held.jsonl", QUESTIONS)
    monkeypatch.setenv("PARLEY_QUESTIONS", str(tmp_path / "held"))
    monkeypatch.chdir(tmp_path)

    assert main(["--sets"]) == 0

    shown = capsys.readouterr().out
    assert [line for line in shown.splitlines() if line.startswith("###")] == [
        "### Questions: core.jsonl",
        "### Questions: held.jsonl",
    ]


def test_a_folder_that_does_not_exist_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setenv("PARLEY_BENCH", str(tmp_path / "nowhere"))
    monkeypatch.setenv("PARLEY_HOME", str(tmp_path / "home"))

    assert main(["--no-questions"]) == 1
    assert "PARLEY_BENCH" in capsys.readouterr().err


def test_a_corpus_keeps_its_home_and_another_corpus_gets_another(tmp_path: Path, embedder: Embedder) -> None:
    homes = Homes(tmp_path, embedder)
    versions = []
    for corpus in (DOCUMENTS, DOCUMENTS, DOCUMENTS[:2]):
        with homes.of_corpus(corpus) as collection, collection.snapshot() as snapshot:
            versions.append(snapshot.version)

    assert versions[0] == versions[1] != versions[2]
    assert len(list(tmp_path.glob("corpus-*"))) == 2


def test_a_document_without_a_title_is_called_by_its_first_full_line(tmp_path: Path, embedder: Embedder) -> None:
    rows = [{"id": "x", "title": "", "text": "CNN —\n\nFrost killed the blossom.\n\nThe growers ask for help."}]

    with Homes(tmp_path, embedder).of_corpus(rows) as collection, collection.snapshot() as snapshot:
        assert snapshot.document("x").title == "Frost killed the blossom."


def test_shipped_stages_find_and_answer_what_the_assistant_does(collection: Collection, embedder: Embedder) -> None:
    names = load_names()
    assistant = Assistant(collection, embedder, names)
    staged = StagedAssistant(collection, build_stages(embedder, names))
    question = Question(question="What bread does the bakery sell?")

    assert staged.ask(question).text == assistant.ask(question).text
    expected = [passage.chunk.id for passage in assistant.search(question.question, 2)]
    assert [passage.chunk.id for passage in staged.search(question.question, 2)] == expected


def test_an_ablation_has_a_line_for_every_part(collection: Collection, embedder: Embedder) -> None:
    questions = [EvalQuestion.model_validate(row) for row in QUESTIONS]

    table = ablation_table(questions, collection, embedder)

    assert [line.label for line in table.lines] == ["shipped", *(f"without {name}" for name in VARIANTS)]
    first = [column.name for column in table.columns].index("right document first")
    assert table.lines[0].figures[first].value == 1.0
    assert all(line.figures[first].n == 1 for line in table.lines)


def test_without_the_floor_of_relevance_nothing_is_too_far_off(collection: Collection, embedder: Embedder) -> None:
    question = Question(question="When was the opera house built?")
    stages = VARIANTS["silence: floor of relevance"](embedder, load_names(), None)

    assert StagedAssistant(collection, stages).ask(question).status == "answered"
    assert embedder.relevance_floor is not None


def test_retrieval_is_scored_as_by_hand() -> None:
    """Relevant documents at ranks 2 and 6, of three: DCG is 1/log2(3) + 1/log2(7), the ideal 1 + 1/log2(3) + 1/2."""
    ranking = Ranking(("x1", "a", "x2", "x3", "x4", "b"), {"a": 1, "b": 1, "c": 1}, "q1")
    missed = Ranking(("x1",), {"a": 1}, "q2")
    unjudged = Ranking(("x1",), {}, "q3")

    line = retrieval_line("ours", [ranking, missed, unjudged])

    found = dict(zip(METRICS, (figure.value for figure in line.figures), strict=True))
    ndcg = (1 / np.log2(3) + 1 / np.log2(7)) / (1 + 1 / np.log2(3) + 1 / 2)
    expected = {"R@1": 0, "R@5": 1 / 3, "R@10": 2 / 3, "Hit@10": 1, "MRR@10": 1 / 2, "nDCG@10": ndcg}
    assert found == pytest.approx({name: value / 2 for name, value in expected.items()})
    assert {figure.n for figure in line.figures} == {2}


def test_balanced_accuracy_is_the_mean_of_both_sides() -> None:
    scores, labels = np.array([0.9, 0.4, 0.6, 0.1]), np.array([True, True, False, False])

    assert balanced_accuracy(scores, labels, 0.5) == 0.5
    assert balanced_accuracy(scores, labels, 0.3) == 0.75
    with pytest.raises(UndefinedError):
        balanced_accuracy(scores, np.array([True] * 4), 0.5)


def test_a_threshold_is_never_chosen_on_the_pairs_that_it_judges() -> None:
    """With scores that say nothing, thresholds fitted to the judged pairs would look better than a coin."""
    labels = np.arange(400) % 2 == 0
    noise = np.random.default_rng(1).random(400)

    assert cross_fitted_accuracy(labels.astype(float), labels, seed=0) == 1.0
    assert cross_fitted_accuracy(noise, labels, seed=0) == pytest.approx(0.5, abs=0.06)


def test_word_overlap_is_the_share_of_the_claims_words() -> None:
    assert word_overlap("Cargo ships wait outside.", "Ships WAIT for pilots today") == pytest.approx(2 / 5)
    assert word_overlap("Anything.", "") == 0.0


def test_baselines_are_read_from_tables_with_known_columns(tmp_path: Path) -> None:
    (tmp_path / "NOTE.md").write_text(
        "# A set\n| run | n | R@1 | other | nDCG@10 |\n|---|---|---:|---|---|\n| BM25 | 1,190 | 0.5 | 9 | – |\n\n"
        "| system | speed |\n|---|---|\n| BM25 | 3 |\n",
        encoding="utf-8",
    )

    (line,) = baseline_lines(tmp_path, COLUMNS)

    given = {column.name: figure for column, figure in zip(COLUMNS, line.figures, strict=True)}
    assert line.label == "BM25 (NOTE.md)"
    assert given["R@1"] == Figure(value=0.5, n=1190)
    assert given["nDCG@10"].value is None
    assert baseline_lines(tmp_path / "elsewhere", COLUMNS) == []


def test_tables_show_n_and_mark_sure_changes() -> None:
    table = Table(
        "T",
        (Column("share"), Column("time", "ms"), Column("none")),
        (
            Line("before", (Figure(value=0.5, n=4), Figure(value=12.4, n=4), Figure(value=None, n=0))),
            Line(
                "after",
                (Figure(value=-0.25, n=4, low=-0.5, high=-0.1), Figure(value=3, n=4), Figure(value=None, n=0)),
                is_change=True,
            ),
        ),
        ("A note.",),
    )

    assert without_empty_columns(table).markdown().splitlines() == [
        "### T",
        "",
        "|  | share | time |",
        "| --- | ---: | ---: |",
        "| before | 0.500 (4) | 12 (4) |",
        "| after | -0.250* (4) | +3 (4) |",
        "",
        "A note.",
    ]


def test_a_sample_is_the_same_for_the_same_seed_and_keeps_the_order() -> None:
    items = list(range(100))

    assert drawn(items, 10, 1) == drawn(items, 10, 1) == sorted(drawn(items, 10, 1))
    assert drawn(items, 10, 1) != drawn(items, 10, 2)
    assert drawn(items, None, 1) == drawn(items, 200, 1) == items

"""The shipped question sets are sound, and the validator notices when one is not."""

import importlib.util
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from index.documents.loading import load_paths
from rag.evaluation.layouts import load_questions
from rag.evaluation.metrics.must_include import missing_slots
from rag.evaluation.validation import validate_questions

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "questions"
QUESTIONS = FOLDER / "core.jsonl"
PARITY = FOLDER / "parity.jsonl"
OFF_TOPIC = FOLDER / "off_topic.jsonl"
SETS = pytest.mark.parametrize("path", [QUESTIONS, PARITY, OFF_TOPIC], ids=lambda path: path.stem)
SEEDS = ROOT / "seeds"

Row = dict[str, Any]


@pytest.fixture(scope="module")
def validator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("question_set_validator", FOLDER / "validate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_set(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def rows() -> list[Row]:
    return read_set(QUESTIONS)


@pytest.fixture
def translated() -> list[Row]:
    return read_set(PARITY)


@pytest.fixture
def off_topic() -> list[Row]:
    return read_set(OFF_TOPIC)


@pytest.fixture
def problems(validator: ModuleType, tmp_path: Path) -> Callable[[list[Row]], list[str]]:
    def problems_of(rows: list[Row]) -> list[str]:
        path = tmp_path / "questions.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return validator.validate(path, SEEDS)

    return problems_of


def first(rows: list[Row], kind: str) -> Row:
    return next(row for row in rows if row["type"] == kind)


@SETS
def test_shipped_question_set_has_no_problems(path: Path, validator: ModuleType) -> None:
    assert validator.validate(path, SEEDS) == []


@SETS
def test_the_evaluation_reads_the_set_and_finds_what_it_expects_in_the_documents(path: Path) -> None:
    documents = [entry.document for entry in load_paths([SEEDS]).documents]
    texts = {document.id: f"{document.title}\n{document.text}" for document in documents}
    found = validate_questions(load_questions(path), texts)
    assert found.problems == []
    assert found.questions == len(read_set(path))


def test_the_reference_answer_to_a_translated_question_counts_as_right_in_each_language() -> None:
    questions = load_questions(PARITY)
    assert {
        question.id: missing
        for question in questions
        if (missing := missing_slots(question.answer, question.slots, 80))
    } == {}


def test_no_id_and_no_question_stands_in_two_sets(rows: list[Row], translated: list[Row], off_topic: list[Row]) -> None:
    every = [*rows, *translated, *off_topic]
    assert len({row["id"] for row in every}) == len(every)
    asked = [(row["question"].casefold(), tuple(row["history"]), row["as_of"]) for row in every]
    assert len(set(asked)) == len(asked)


@SETS
def test_the_card_gives_the_size_and_the_languages_of_each_file(path: Path) -> None:
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| `{path.name}` \|(.*)\|$", card, re.MULTILINE)
    assert row is not None
    rows = read_set(path)
    languages = Counter(row["language"] for row in rows)
    counts = [len(rows), *(languages.pop(language, 0) for language in ("en", "uk", "ru")), languages.total()]
    assert [int(cell) for cell in row[1].split("|")[-5:]] == counts


def test_the_card_gives_the_counts_of_the_file(rows: list[Row]) -> None:
    counts = Counter((row["type"], row["language"]) for row in rows)
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    table = {
        kind: tuple(int(number) for number in numbers)
        for kind, *numbers in re.findall(r"^\| ([a-z-]+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", card, re.MULTILINE)
    }
    expected = {}
    for kind in {row["type"] for row in rows}:
        by_language = [counts[kind, language] for language in ("en", "uk", "ru")]
        expected[kind] = (*by_language, sum(by_language))
    assert table == expected
    unanswered = sum(not row["answerable"] for row in rows)
    assert f"{unanswered} of the {len(rows)} questions" in card


# The change to the first question of a type, and what the validator must say about it.
DEFECTS: list[tuple[str, Row, str]] = [
    ("who", {"must_include": [["Napoleon"]]}, "no relevant document holds any of"),
    ("who", {"relevant": ["no-such-document"]}, "does not exist"),
    ("who", {"relevant": ["2025-05-16-istanbul-round-1", "2026-04-11-easter-truce"]}, "holds no required word"),
    ("who", {"must_include": []}, "must_include is needed"),
    ("who", {"must_include": [["16"]]}, "alone would match within a date"),
    ("who", {"also_accept": [["October 2"]]}, "also begins other dates"),
    ("who", {"also_accept": [["a"], ["b"]]}, "also_accept has 2 slots"),
    ("who", {"answerable": False}, "but the type is who"),
    ("who", {"question": "Хто це?"}, "does not belong to language en"),
    ("who", {"language": "uk"}, "needs Cyrillic letters"),
    ("who", {"language": "de"}, "is not one of"),
    ("unanswerable", {"language": "ja"}, "is not one of"),
    ("unanswerable", {"language": "de", "question": "Кто wohnt hier?"}, "does not belong to language de"),
    ("who", {"type": "trivia"}, "type 'trivia' is not one of"),
    ("who", {"group": "lonely"}, "group is needed exactly when"),
    ("who", {"history": "earlier"}, "field history is a str"),
    ("who", {"must_include": "Fidan"}, "field must_include is a str"),
    ("who", {"answer": ""}, "field answer is empty"),
    ("who", {"extra": 1}, "field extra is not known"),
    ("as-of-date", {"as_of": "2025-01-01"}, "is dated after 2025-01-01"),
    ("as-of-date", {"as_of": "next spring"}, "is not an ISO date"),
    ("as-of-date", {"as_of": None}, "as_of is needed"),
    ("follow-up", {"history": []}, "history is needed exactly when"),
    ("unanswerable", {"relevant": ["2026-04-11-easter-truce"]}, "relevant is empty exactly when"),
    ("false-premise", {"relevant": []}, "relevant is empty exactly when"),
    ("name-variant", {"answer": "Something else."}, "differs in answer"),
    ("name-variant", {"group": "names-alone"}, "group names-alone has one question only"),
    ("who", {"id": "c002"}, "the id stands 2 times"),
]

# The change to the first question of the first group of translations, and what the validator must say about it.
TRANSLATION_DEFECTS: list[tuple[Row, str]] = [
    ({"language": "uk", "question": "Як скоро?"}, "needs one question in each of ['en', 'ru', 'uk']"),
    ({"language": "de", "question": "Wie bald?"}, "language 'de' is not one of"),
    ({"group": "translated-alone"}, "group translated-alone has one question only"),
    ({"relevant": ["person-trump-role", "glossary-venues"]}, "differs in relevant"),
    ({"must_include": [["within a day"]]}, "differs in must_include"),
    ({"answerable": False}, "differs in answerable"),
    ({"type": "reworded"}, "differs in type"),
]


@pytest.mark.parametrize(("kind", "change", "message"), DEFECTS)
def test_a_defect_is_reported(
    kind: str, change: Row, message: str, rows: list[Row], problems: Callable[[list[Row]], list[str]]
) -> None:
    first(rows, kind).update(change)
    assert any(message in problem for problem in problems(rows))


@pytest.mark.parametrize(("change", "message"), TRANSLATION_DEFECTS)
def test_a_defect_in_a_translation_is_reported(
    change: Row, message: str, translated: list[Row], problems: Callable[[list[Row]], list[str]]
) -> None:
    translated[0].update(change)
    assert any(message in problem for problem in problems(translated))


def test_a_translation_that_is_missing_is_reported(
    translated: list[Row], problems: Callable[[list[Row]], list[str]]
) -> None:
    found = problems(translated[:-1])
    assert "15 questions in ru, at least 16 are needed" in found
    assert any("needs one question in each of" in problem for problem in found)


def test_an_off_topic_set_that_lacks_a_language_is_reported(
    off_topic: list[Row], problems: Callable[[list[Row]], list[str]]
) -> None:
    assert problems([row for row in off_topic if row["language"] != "tr"]) == [
        "0 questions in tr, at least 1 are needed"
    ]


def test_a_document_that_cannot_be_read_is_reported(validator: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "broken.md").write_text("---\ntitle: [\n---\ntext\n", encoding="utf-8")
    assert any("broken.md: " in problem for problem in validator.validate(OFF_TOPIC, tmp_path))


def test_a_missing_field_is_reported(rows: list[Row], problems: Callable[[list[Row]], list[str]]) -> None:
    del rows[0]["history"]
    assert "c001: field history is missing" in problems(rows)


def test_a_question_asked_twice_is_reported(rows: list[Row], problems: Callable[[list[Row]], list[str]]) -> None:
    rows.append({**rows[0], "id": "c999"})
    assert any(problem.startswith("asked 2 times") for problem in problems(rows))


def test_too_few_questions_are_reported(rows: list[Row], problems: Callable[[list[Row]], list[str]]) -> None:
    assert any("questions, at least" in problem for problem in problems(rows[:20]))


def test_a_set_without_unanswerable_questions_is_reported(
    rows: list[Row], problems: Callable[[list[Row]], list[str]]
) -> None:
    answerable = [row for row in rows if row["answerable"]]
    answerable += [{**row, "id": f"{row['id']}-again", "history": row["history"]} for row in answerable[:30]]
    found = problems(answerable)
    assert any("have no answer" in problem for problem in found)
    assert any("of type unanswerable" in problem for problem in found)


def test_a_language_that_is_nearly_missing_is_reported(
    rows: list[Row], problems: Callable[[list[Row]], list[str]]
) -> None:
    kept = [row for row in rows if row["language"] != "uk"]
    assert any("questions in uk" in problem for problem in problems(kept))


def test_a_line_that_is_not_json_is_reported(validator: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"id": "c001"\n["a list"]\n', encoding="utf-8")
    found = validator.validate(path, SEEDS)
    assert found[0].startswith("line 1: not JSON")
    assert found[1] == "line 2: a JSON object is needed, not list"


def test_the_command_exits_with_the_verdict(
    validator: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert validator.main([str(QUESTIONS), str(SEEDS)]) == 0
    broken = tmp_path / "questions.jsonl"
    broken.write_text("{}\n", encoding="utf-8")
    assert validator.main([str(broken), str(SEEDS)]) == 1
    assert "?: field id is missing" in capsys.readouterr().out

"""The question format, other layouts, and checking a set against its documents."""

import datetime as dt
import json
import re

import pytest

from rag.evaluation.errors import QuestionSetError
from rag.evaluation.layouts import load_questions
from rag.evaluation.questions import EvalQuestion, fingerprint, question_language, sample
from rag.evaluation.validation import validate_questions

PLAIN = {"id": "q1", "question": "Who hosted?", "type": "who", "answer": "Merz.", "must_include": [["Merz"]]}


def write(path, *rows):
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_a_row_without_language_or_date_is_read(tmp_path):
    row = PLAIN | {"relevant": ["berlin"], "answerable": True, "history": [], "also_accept": []}
    (question,) = load_questions(write(tmp_path / "q.jsonl", row))
    assert (question.language, question.as_of, question.kind) == ("en", None, "answerable")
    assert question.slots == [("Merz",)]
    assert question.relevant == {"berlin": 1}


def test_also_accept_runs_parallel_to_must_include_and_may_be_shorter():
    question = EvalQuestion(
        id="q", question="When?", must_include=[["15 August"], ["Alaska"]], also_accept=[["August 15"]]
    )
    assert question.slots == [("15 August", "August 15"), ("Alaska",)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"must_includes": []}, "must_includes"),
        ({"must_include": [[]]}, "no alternatives"),
        ({"must_include": [[" "]]}, "empty"),
        ({"must_include": [], "also_accept": [["x"]]}, "also_accept"),
        ({"answerable": False}, "unanswerable"),
        ({"question": "  "}, "empty"),
        ({"as_of": "soon"}, "as_of"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(tmp_path, change, message):
    path = write(tmp_path / "q.jsonl", PLAIN | {"id": "q0"}, PLAIN | change)
    with pytest.raises(QuestionSetError, match=rf"q\.jsonl, line 2.*{message}"):
        load_questions(path)


def test_ids_must_differ_and_there_must_be_questions(tmp_path):
    with pytest.raises(QuestionSetError, match="'q1'"):
        load_questions(write(tmp_path / "twice.jsonl", PLAIN, PLAIN))
    with pytest.raises(QuestionSetError, match="no questions"):
        load_questions(write(tmp_path / "none.jsonl"))
    with pytest.raises(QuestionSetError, match="no questions at"):
        load_questions(tmp_path / "missing.jsonl")


def test_broken_json_and_rows_that_are_no_objects_are_refused(tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_text('{"id": "q1"', encoding="utf-8")
    with pytest.raises(QuestionSetError, match="line 1: not JSON"):
        load_questions(path)
    with pytest.raises(QuestionSetError, match="list"):
        load_questions(write(path, ["q1"]))


def test_a_line_separator_inside_a_question_ends_no_line(tmp_path):
    (question,) = load_questions(write(tmp_path / "q.jsonl", PLAIN | {"question": "Who\u2028hosted?"}))
    assert question.question == "Who\u2028hosted?"


def test_a_false_premise_is_a_kind_of_its_own():
    assert EvalQuestion(id="q", question="Why?", type="false-premise", answerable=False).kind == "false-premise"
    assert EvalQuestion(id="q", question="Why?", type="unanswerable", answerable=False).kind == "unanswerable"


def test_the_language_is_told_by_words_then_by_letters():
    assert question_language("Хто очолював делегацію?") == "uk"
    assert question_language("Где прошла встреча и кто был там?") == "ru"
    assert question_language("Witkoff Davos") == "en"


def test_rows_with_answers_become_slots_and_cut_off_dates(tmp_path):
    rows = [
        {
            "id": "a",
            "question": "Which show?",
            "answers": ["“Squid Game”"],
            "relevant_ids": ["d1"],
            "asked_on": "2022-06-16",
        },
        {"id": "b", "question": "Which?", "answers": ["one two three four five six seven"], "lang": "en"},
        {"id": "c", "question": "Which?", "answers": [], "answerable": False, "relevant_ids": []},
        {"id": "d", "question": "Which two?", "answers": ["x and y"], "answer_parts": ["x", "y"]},
    ]
    show, long, none, two = load_questions(write(tmp_path / "q.jsonl", *rows))
    assert (show.slots, show.as_of, show.relevant) == ([("Squid Game",)], dt.date(2022, 6, 16), {"d1": 1})
    assert (long.slots, long.references) == ([], ["one two three four five six seven"])
    assert none.kind == "unanswerable"
    assert two.slots == [("x",), ("y",)]


def beir(folder, **splits):
    (folder / "qrels").mkdir()
    write(folder / "corpus.jsonl", {"_id": "d1", "title": "", "text": "a"})
    write(folder / "queries.jsonl", *({"_id": f"q{number}", "text": f"query {number}"} for number in (1, 2, 3)))
    for name, lines in splits.items():
        (folder / "qrels" / f"{name}.tsv").write_text("query-id\tcorpus-id\tscore\n" + lines, encoding="utf-8")
    return folder


def test_a_beir_folder_gives_its_judged_queries_with_grades(tmp_path):
    folder = beir(tmp_path, test="q1\td1\t2\nq1\td2\t0\nq2\td1\t1\n", dev="q3\td1\t1\n")
    questions = load_questions(folder)
    assert [(question.id, question.relevant) for question in questions] == [("q1", {"d1": 2}), ("q2", {"d1": 1})]
    assert [question.id for question in load_questions(folder / "qrels" / "dev.tsv")] == ["q3"]


def test_a_beir_folder_with_unknown_splits_asks_which(tmp_path):
    with pytest.raises(QuestionSetError, match=r"one\.tsv, two\.tsv"):
        load_questions(beir(tmp_path, one="q1\td1\t1\n", two="q1\td1\t1\n"))


def test_broken_qrels_are_named_by_line(tmp_path):
    with pytest.raises(QuestionSetError, match="line 2"):
        load_questions(beir(tmp_path, test="q1 d1 1\n"))


def test_a_sample_is_even_and_the_same_every_time():
    questions = [EvalQuestion(id=f"q{number}", question="Who?") for number in range(10)]
    assert [question.id for question in sample(questions, 3)] == ["q0", "q3", "q6"]
    assert sample(questions, 99) == questions


def test_the_fingerprint_notices_any_change():
    one, two = EvalQuestion(id="q1", question="Who?"), EvalQuestion(id="q2", question="When?")
    changed = EvalQuestion(id="q1", question="Who?", must_include=[["Merz"]])
    assert len({fingerprint([one, two]), fingerprint([two, one]), fingerprint([changed, two])}) == 3


def test_validation_holds_questions_against_documents(berlin):
    texts = {"berlin": berlin.text}
    good = EvalQuestion(**PLAIN, relevant=["berlin"])
    assert validate_questions([good], texts).problems == []
    bad = [
        EvalQuestion(id="b1", question="Who led?", must_include=[["Kellogg"]], relevant=["berlin"]),
        EvalQuestion(id="b2", question="Who else?", must_include=[["Merz"]], relevant=["nowhere"]),
        EvalQuestion(id="b3", question="What is known?"),
        EvalQuestion(id="b4", question="How much?", type="unanswerable", answerable=False, relevant=["berlin"]),
        EvalQuestion(id="b5", question="WHO LED?", must_include=[["Merz"]], group="g"),
    ]
    problems = "\n".join(validate_questions(bad, texts).problems)
    for expected in (
        "b1: no relevant document contains Kellogg",
        "b2: .*nowhere",
        "b3: .*nothing says",
        "b4: .*lists relevant",
        "b5: asks the same as b1",
        "group g has one question",
    ):
        assert re.search(expected, problems), expected

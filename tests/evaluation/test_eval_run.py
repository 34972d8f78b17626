"""Runs over HTTP: scores, going on after an interruption, and what must not be mixed."""

import datetime as dt

import pytest

from rag.client import ParleyClient, ServerUnreachableError
from rag.evaluation.errors import EvaluationError, RunMismatchError
from rag.evaluation.questions import EvalQuestion, fingerprint
from rag.evaluation.rows import ROWS_FILE, read_rows
from rag.evaluation.run import Plan, read_report, run_questions
from rag.evaluation.scoring import Rules, from_threshold
from rag.evaluation.summary import RunSettings
from rag.evaluation.targets import ServerTarget

QUESTIONS = [
    EvalQuestion(id="q1", question="Who hosted?", type="who", must_include=[["Merz"]], relevant=["berlin"]),
    EvalQuestion(id="q2", question="Was ist offen?", type="what", must_include=[["one issue"]], relevant=["davos"]),
    EvalQuestion(id="q3", question="What did it cost?", type="unanswerable", answerable=False),
    EvalQuestion(id="q4", question="Why did it fail?", type="false-premise", answerable=False, relevant=["davos"]),
]


@pytest.fixture
def plan(tmp_path, share_of_words):
    return make_plan(tmp_path / "run", QUESTIONS, share_of_words)


def make_plan(folder, questions, support, **changes):
    settings = RunSettings(
        questions="q.jsonl",
        fingerprint=fingerprint(questions),
        asked=len(questions),
        target="server",
        answerer=None,
        index_version=None,
        as_of=None,
        k=10,
        word_limit=80,
        support_threshold=0.5,
    )
    rules = Rules(k=10, word_limit=80, supports=from_threshold(support, 0.5))
    return Plan(folder, questions, settings.model_copy(update=changes), rules)


@pytest.fixture
def target(server, berlin, davos, make_answer):
    server.answers = {
        "Who hosted?": make_answer("Who hosted?", (berlin, "Chancellor Friedrich Merz hosted the talks.")),
        "Was ist offen?": make_answer("Was ist offen?", (berlin, "They lasted five hours.")),
        "Why did it fail?": make_answer("Why did it fail?", (davos, "He did not name it.")),
    }
    with ParleyClient(server.url) as client:
        yield ServerTarget(client)


def test_every_question_is_scored_and_reported(plan, target):
    report = run_questions(plan, target)
    assert report.outcomes == {
        "answerable": {"right": 1, "wrong": 1},
        "unanswerable": {"abstained": 1},
        "false-premise": {"corrected": 1},
    }
    figures = {name: (figure.value, figure.n) for name, figure in report.figures.items()}
    assert figures["right"] == (0.75, 4)
    assert figures["correct"] == (0.5, 2)
    assert figures["abstained_unanswerable"] == (1, 1)
    assert figures["quote_exactness"] == (1, 3)
    assert figures["citation_recall"] == (1, 3)
    assert figures["cited_hit"] == (0.5, 2)
    assert figures["hit@10"] == (None, 0)  # a server does not show its passages
    assert figures["faithfulness"] == (None, 0)
    assert figures["latency_ms"][1] == 4
    assert report.groups["date"].keys() == {"2025-12", "2026-01", "nothing relevant"}
    assert read_report(plan.folder) == report
    assert [row.outcome for row in read_rows(plan.folder)] == ["right", "wrong", "abstained", "corrected"]


def test_an_abstention_on_an_answerable_question_counts_as_wrong_and_is_in_no_answer_figure(plan, target, server):
    del server.answers["Who hosted?"]
    report = run_questions(plan, target)
    assert (report.figures["correct"].value, report.figures["correct"].n) == (0, 2)
    assert (report.figures["correct_answered"].value, report.figures["correct_answered"].n) == (0, 1)
    assert report.figures["answered_answerable"].value == 0.5


def test_a_stopped_run_goes_on_with_what_is_missing(plan, target, server):
    def stop_after_two(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_questions(plan, target, on_row=stop_after_two)
    assert len(read_rows(plan.folder)) == 2
    with (plan.folder / ROWS_FILE).open("a") as file:
        file.write('{"question": {"id": "q3"')  # what a kill in the middle of a write leaves
    server.asked.clear()
    report = run_questions(plan, target)
    assert server.asked == ["What did it cost?", "Why did it fail?"]
    assert report.rows == 4


def test_changed_questions_or_settings_are_refused_until_restarted(plan, target, share_of_words):
    run_questions(plan, target)
    changed = make_plan(plan.folder, QUESTIONS[:2], share_of_words)
    with pytest.raises(RunMismatchError, match=r"fingerprint was .* --restart"):
        run_questions(changed, target)
    with pytest.raises(RunMismatchError, match="k was 10, now 5"):
        run_questions(make_plan(plan.folder, QUESTIONS, share_of_words, k=5), target)
    assert run_questions(changed, target, restart=True).rows == 2


def test_another_index_version_is_refused_on_resuming_and_on_the_way(plan, target, server, share_of_words):
    run_questions(plan, target)
    server.index_version = "ffffffffffff"
    later = make_plan(plan.folder, QUESTIONS, share_of_words, index_version=target.index_version())
    with pytest.raises(RunMismatchError, match="index_version was 0123456789ab, now ffffffffffff"):
        run_questions(later, target)

    def swap(done: int, total: int) -> None:
        server.index_version = f"{done:012}"

    with pytest.raises(RunMismatchError, match="index_version is 000000000001 but this run is about ffffffffffff"):
        run_questions(plan, target, restart=True, on_row=swap)


def test_another_answerer_than_was_asked_for_is_refused(plan, target, share_of_words):
    with pytest.raises(RunMismatchError, match="answerer is extractive but this run is about some:model"):
        run_questions(make_plan(plan.folder, QUESTIONS, share_of_words, answerer="some:model"), target)


def test_failed_questions_are_in_no_figure_and_asked_again(plan, target, server):
    server.refusals["Who hosted?"] = [(400, {})]
    report = run_questions(plan, target)
    assert report.errors == {"q1": "refused: 400 from /api/ask: Not now."}
    assert report.figures["right"].n == 3
    assert run_questions(plan, target).errors == {}


def test_a_server_that_asks_for_patience_gets_it(plan, target, server):
    server.refusals["Who hosted?"] = [(429, {"Retry-After": "0"}), (503, {"Retry-After": "0"})]
    assert run_questions(plan, target).errors == {}


def test_a_server_that_wants_too_much_patience_stops_the_run(plan, target, server):
    server.refusals["Was ist offen?"] = [(429, {"Retry-After": "100000"})]
    with pytest.raises(EvaluationError, match="run again later"):
        run_questions(plan, target)
    assert [row.question.id for row in read_rows(plan.folder)] == ["q1"]


def test_a_server_that_goes_away_stops_the_run(plan):
    with ParleyClient("http://127.0.0.1:9") as client, pytest.raises(ServerUnreachableError):
        run_questions(plan, ServerTarget(client))


def test_a_leak_is_seen_by_the_documents_dates_not_by_what_the_answer_says(
    tmp_path, server, davos, make_answer, share_of_words
):
    early = davos.model_copy(update={"date": dt.date(2025, 1, 1)})  # the answer claims an earlier date
    server.answers["What is open?"] = make_answer("What is open?", (early, "He did not name it."))
    question = EvalQuestion(id="q1", question="What is open?", as_of=dt.date(2025, 12, 31), must_include=[["name"]])
    with ParleyClient(server.url) as client:
        report = run_questions(make_plan(tmp_path, [question], share_of_words), ServerTarget(client))
    assert (report.figures["asof_leak"].value, report.figures["asof_leak"].n) == (1, 1)


def test_a_quote_that_is_not_in_the_document_is_seen(plan, target, server, berlin):
    server.documents[0] = berlin.model_copy(update={"text": berlin.text.replace("Merz", "Scholz")})
    assert run_questions(plan, target).figures["quote_exactness"].value == pytest.approx(1 / 3)


def test_questions_of_a_group_are_held_against_the_first(tmp_path, server, berlin, make_answer, share_of_words):
    said = (berlin, "Chancellor Friedrich Merz hosted the talks.")
    questions = [
        EvalQuestion(id=f"g{number}", question=text, type=kind, must_include=[["Merz"]], group="g", language=language)
        for number, (text, kind, language) in enumerate(
            [("Who hosted?", "reworded", "en"), ("Host?", "reworded", "en"), ("Хто?", "reworded", "uk"),
             ("Who hosted Zelensky?", "name-variant", "en")]
        )
    ]  # fmt: skip
    server.answers = {text: make_answer(text, said) for text in ("Who hosted?", "Host?", "Хто?")}
    with ParleyClient(server.url) as client:
        figures = run_questions(make_plan(tmp_path, questions, share_of_words), ServerTarget(client)).figures
    for name, value in {"wording_parity": 1, "wording_stability": 1, "language_parity": 1, "name_parity": 0}.items():
        assert (figures[name].value, figures[name].n) == (value, 1), name
    assert figures["citation_stability"].value == pytest.approx(2 / 3)
    assert figures["language_gap"].value == pytest.approx(1 / 3)


def test_a_folder_without_a_report_says_how_to_make_one(tmp_path):
    with pytest.raises(EvaluationError, match=r"python -m rag\.evaluation run"):
        read_report(tmp_path)

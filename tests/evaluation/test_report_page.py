"""The report page: complete, offline, and safe with whatever questions and documents hold."""

import datetime as dt
import re
from html.parser import HTMLParser

import pytest

from index.types import Document
from rag.evaluation.pictures import calibration_plot, duration, latency_histogram, risk_coverage_curve
from rag.evaluation.report import MISSED, UNDUE, WRONG, faults, percent, render
from rag.evaluation.summary import RunSettings, summarise

HOSTILE = Document(
    id="hostile",
    title="<img src=x onerror=alert(1)>",
    date=dt.date(2026, 1, 1),
    text='</style><script>alert("x")</script> & so on',
)


class Tags(HTMLParser):
    """Collects every tag with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def page(rows, **changes):
    settings = RunSettings(
        questions="q.jsonl",
        fingerprint="f",
        asked=len(rows),
        target="library",
        answerer="extractive",
        index_version="v",
        as_of=None,
        k=10,
        word_limit=80,
        support_threshold=0.5,
    ).model_copy(update=changes)
    return render(summarise(rows, settings, {"berlin": dt.date(2025, 12, 15)}, dt.datetime(2026, 1, 1)), rows)


def test_wrong_answers_stand_in_full_beside_their_sources(make_row):
    row = make_row("q1", outcome="wrong", missing=(("Kellogg", "Келлог"),), relevant=["berlin"])
    html = page([row])
    assert "Question q1?" in html
    assert row.answer.citations[0].quote in html
    assert "Berlin talks" in html
    assert "Kellogg or Келлог" in html
    assert "2025-12" in html


def test_every_figure_says_how_many_were_scored(make_row):
    html = page([make_row("q1"), make_row("q2", outcome="abstained", scores={"right": 0.0})])
    figures = re.findall(r"<td><code>([^<]+)</code>.*?</td>.*?<td class=\"number\">(\d+)</td></tr>", html)
    assert dict(figures)["right"] == "2"
    assert dict(figures)["token_f1"] == "0"


def test_the_page_fetches_nothing_and_runs_nothing(make_row, make_answer):
    answer = make_answer("q", (HOSTILE, HOSTILE.text))
    hostile_url = answer.citations[0].model_copy(update={"url": "javascript:alert(1)"})
    answer = answer.model_copy(update={"citations": (hostile_url,)})
    html = page([make_row("<b>q1</b>", outcome="wrong", answer=answer)])
    tags = Tags()
    tags.feed(html)
    names = {tag for tag, _ in tags.found}
    assert not names & {"script", "img", "link", "iframe", "object", "b2"}
    assert not any(name.startswith("on") for _, attributes in tags.found for name in attributes)
    assert not any(attributes.get("href", "").startswith("javascript") for _, attributes in tags.found)
    assert "default-src 'none'" in html
    assert "&lt;script&gt;" in html


def test_links_go_only_to_the_web(make_row):
    assert 'href="https://example.org/a"' in page([make_row("q1", outcome="wrong")])


def test_failed_questions_are_shown_first(make_row):
    failed = make_row("q1").model_copy(update={"answer": None, "outcome": None, "error": "http: 500", "scores": {}})
    html = page([failed, make_row("q2")])
    assert "1 questions failed" in html
    assert "http: 500" in html


def test_a_run_in_which_everything_failed_still_has_a_page(make_row):
    failed = make_row("q1").model_copy(update={"answer": None, "outcome": None, "error": "http: 500", "scores": {}})
    assert "http: 500" in page([failed])


def test_faults_are_sorted_gravest_first_and_by_confidence(make_row):
    sure = make_row("sure", outcome="wrong")
    unsure = make_row("unsure", outcome="wrong").model_copy(update={"confidence": 0.4})
    undue = make_row("undue", outcome="wrong", answerable=False)
    missed = make_row("missed", outcome="abstained", scores={"right": 0.0})
    found = faults([missed, unsure, make_row("fine"), sure, undue])
    assert {name: [row.question.id for row in rows] for name, rows in found.items()} == {
        UNDUE: ["undue"],
        WRONG: ["sure", "unsure"],
        MISSED: ["missed"],
    }
    assert list(found) == [UNDUE, WRONG, MISSED]


def test_pictures_without_data_are_drawn_empty():
    assert "<svg" in risk_coverage_curve([])
    assert "<svg" in calibration_plot([])
    assert latency_histogram([], None, None) == ""


def test_the_histogram_counts_every_answer():
    svg = latency_histogram([10, 10, 20, 100], 15, 90, bars=10)
    heights = [float(height) for height in re.findall(r'<rect[^>]*height="([\d.]+)"', svg)]
    tallest = max(heights)
    assert [round(height / tallest * 2) for height in heights] == [0, 2, 1, 0, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("value", "shown"), [(0.5, "50%"), (0.996, "99.6%"), (1, "100%"), (0, "0%"), (0.003, "0.3%"), (-0.003, "-0.3%")]
)
def test_percent_never_rounds_to_all_or_nothing(value, shown):
    assert percent(value) == shown


@pytest.mark.parametrize(("value", "shown"), [(0, "0 ms"), (5.21, "5.2 ms"), (83.4, "83 ms"), (1234, "1.2 s")])
def test_durations_are_short(value, shown):
    assert duration(value) == shown

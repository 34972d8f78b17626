"""What changed since a day: claims now and before, what is not found again, and the new documents."""

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.collection import Collection
from index.embedding import Embedder
from index.settings import Settings
from index.sync import sync
from index.text.names import load_names
from rag.assistant import Assistant
from rag.reading.changes import ChangeFinder, Changes, since_of
from rag.types import Question

NAMES = load_names()
TODAY = dt.date(2026, 11, 24)
MARCH = dt.date(2026, 3, 1)


@pytest.fixture
def harbour(settings: Settings, embedder: Embedder, write_document: Callable[..., Path]):
    """What changed in documents about a strike in a harbour."""
    old = "The pilots of the harbour demand a raise of ten per cent. The harbour closes on Sundays because of the fog."
    write_document("old", old, date="2026-01-10")
    write_document("new", "The pilots of the harbour accept a raise of four per cent.", date="2026-03-10")
    write_document("later", "The pilots of the harbour sign for a raise of five per cent.", date="2026-05-10")
    sync(settings, embedder)

    def changes(topic: str, since: dt.date = MARCH, as_of: dt.date | None = None) -> Changes:
        with Collection(settings, embedder) as collection, collection.snapshot() as snapshot:
            return ChangeFinder(embedder, NAMES).find(snapshot, topic, since, as_of)

    return changes


def test_claims_stand_beside_earlier_ones_the_newest_first(harbour: Callable[..., Changes]) -> None:
    changes = harbour("the pilots of the harbour")
    assert [change.now.document_id for change in changes.changed] == ["later", "new"]
    befores = [change.before for change in changes.changed if change.before]
    assert [before.quote for before in befores] == ["The pilots of the harbour demand a raise of ten per cent."]


def test_what_no_newer_document_repeats_is_said(harbour: Callable[..., Changes]) -> None:
    gone = harbour("the harbour").not_found_again
    assert [claim.quote for claim in gone] == ["The harbour closes on Sundays because of the fog."]


def test_a_cut_off_hides_what_came_after_it(harbour: Callable[..., Changes]) -> None:
    changes = harbour("the pilots of the harbour", as_of=dt.date(2026, 4, 1))
    assert [change.now.document_id for change in changes.changed] == ["new"]
    assert [one.id for one in changes.new_documents] == ["new", "old"]  # `old` came into the collection just now
    assert changes.coverage.as_of == dt.date(2026, 4, 1)


def test_without_a_subject_there_are_the_new_documents(harbour: Callable[..., Changes]) -> None:
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    assert harbour("", since=tomorrow).new_count == 0
    assert harbour("").changed == []
    assert harbour("").new_count == 3


@pytest.mark.parametrize(
    ("question", "since", "topic"),
    [
        ("What changed on territory since January 2026?", dt.date(2026, 1, 1), "on territory"),
        ("що змінилося щодо обміну полоненими з лютого 2026 року", dt.date(2026, 2, 1), "щодо обміну полоненими"),
        (
            "Что нового о гарантиях безопасности после 1 марта 2026 года?",
            dt.date(2026, 3, 2),
            "о гарантиях безопасности",
        ),
        ("anything new since 1 May 2026?", dt.date(2026, 5, 1), ""),
    ],
)
def test_a_question_names_the_day_and_the_subject(question: str, since: dt.date, topic: str) -> None:
    assert since_of(question, TODAY) == (since, topic)


def test_a_question_without_a_day_names_none() -> None:
    assert since_of("what changed on territory?", TODAY) is None


@pytest.mark.parametrize("as_of", [None, dt.date(2026, 3, 15)])
def test_a_question_is_answered_with_dated_claims_and_keeps_the_cut_off(
    assistant: Assistant, as_of: dt.date | None
) -> None:
    asked = Question(question="What changed on security guarantees since 1 March 2026?", as_of=as_of)
    answer = assistant.ask(asked)
    assert answer.status == "answered"
    now = [sentence for sentence in answer.sentences if sentence.text.startswith("Now, ")]
    before = [sentence for sentence in answer.sentences if sentence.text.startswith("Before, ")]
    date = {citation.marker: citation.date for citation in answer.citations}
    assert now
    assert before
    assert all(date[sentence.citations[0]] >= MARCH for sentence in now)
    assert all(date[sentence.citations[0]] < MARCH for sentence in before)
    assert as_of is None or max(date.values()) <= as_of


def test_both_commands_print_json(seed_settings: Settings) -> None:
    environment = {**os.environ, "PARLEY_HOME": str(seed_settings.home), "PARLEY_SEEDS": str(seed_settings.seeds)}

    def run(*arguments: str) -> dict:
        command = [sys.executable, "-m", "rag", *arguments]
        result = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=Path(__file__).parents[3])
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)

    assert run("timeline", "--place", "Geneva", "--as-of", "2026-02-20", "--json")["coverage"]["as_of"] == "2026-02-20"
    assert run("changes", "security guarantees", "--since", "2026-03-01", "--json")["changed"]

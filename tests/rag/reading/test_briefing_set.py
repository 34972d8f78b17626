"""The topics for briefings are well formed and their spans stand in the documents; the scorer counts right."""

import datetime as dt
from pathlib import Path

from index.documents.loading import load_paths
from rag.reading.briefing import Briefing
from rag.types import Citation
from tests.questions.briefing import is_filled, late, met, read

SEEDS = Path(__file__).parents[3] / "seeds"


def test_the_set_is_well_formed_and_its_spans_stand_in_the_documents() -> None:
    documents = {entry.document.id: entry.document for entry in load_paths([SEEDS]).documents}
    rows = read()
    assert len(rows) >= 20
    assert len({row["id"] for row in rows}) == len({row["topic"] for row in rows}) == len(rows)
    assert {row["language"] for row in rows} == {"en", "uk", "ru"}
    for row in rows:
        assert row["silent"] or row["spans"], row["id"]
        for group in row["spans"]:
            assert all(any(span in document.text for document in documents.values()) for span in group), row["id"]
        for one in (one for group in row["documents"] for one in group):
            assert one in documents, row["id"]
            assert row["as_of"] is None or documents[one].date <= row["as_of"], row["id"]
        assert set(row["sections"]) <= set(Briefing.model_fields), row["id"]


def _briefing(*quotes: str) -> Briefing:
    citations = [
        Citation(
            marker=marker,
            document_id="a",
            title="",
            publisher=None,
            date=dt.date(2026, 1, 2),
            url=None,
            language="en",
            quote=quote,
            start=0,
            end=len(quote),
        )
        for marker, quote in enumerate(quotes, start=1)
    ]
    return Briefing(
        topic="x",
        coverage={"documents": 1},
        silent=not citations,
        unmentioned=(),
        state_of_play={"status": [], "newest": [], "main": []},
        positions=[],
        what_changed={"since": None, "changed": [], "not_found_again": []},
        open_points={"disagreements": [], "unsettled": []},
        quotes=[],
        timeline=[],
        sources=[],
        citations=citations,
        index_version="v",
    )


def test_spans_documents_sections_and_silence_are_counted() -> None:
    made = _briefing("The bridge is open.")
    row = {
        "silent": False,
        "spans": [["shut", "bridge is"], ["toll"]],
        "documents": [["a", "b"], ["b"]],
        "sections": ["quotes", "open_points"],
    }
    assert met(row, made) == {"spans": [True, False], "documents": [True, False], "sections": [False, False]}
    assert met({"silent": True}, made) == {"silence": [False]}
    assert met({"silent": True}, _briefing()) == {"silence": [True]}
    assert late({"as_of": dt.date(2026, 1, 1)}, made) == 1
    assert late({"as_of": dt.date(2026, 1, 2)}, made) == 0
    assert is_filled(made, "citations")

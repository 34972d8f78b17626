"""The questions for quotations and positions are well formed, and what they ask for stands in the documents."""

import datetime as dt
from pathlib import Path

import pytest

from index.documents.loading import load_paths
from index.types import Coverage, Document
from rag.reading.positions import Positions
from rag.reading.sides import SIDES
from tests.questions.voices import late, positions_met, read

SEEDS = Path(__file__).parents[3] / "seeds"


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    return {entry.document.id: entry.document for entry in load_paths([SEEDS]).documents}


@pytest.mark.parametrize("name", ["quotes", "positions", "sourcing", "status"])
def test_a_set_is_well_formed(name: str) -> None:
    rows = read(name)
    assert len(rows) >= 20
    assert len({row["id"] for row in rows}) == len({row["question"] + str(row["as_of"]) for row in rows}) == len(rows)
    assert {row["language"] for row in rows} == {"en", "uk", "ru"}


def test_quotations_that_are_asked_for_stand_in_the_documents(documents: dict[str, Document]) -> None:
    for row in read("quotes"):
        if row["quote"]:
            assert any(row["quote"] in document.text for document in documents.values()), row["id"]


def test_sides_and_documents_of_positions_exist(documents: dict[str, Document]) -> None:
    for row in read("positions"):
        assert set(row["sides"]) <= set(SIDES), row["id"]
        assert set(row["disagreements"]) <= set(documents), row["id"]


@pytest.mark.parametrize("name", ["sourcing", "status"])
def test_documents_that_are_asked_for_exist(name: str, documents: dict[str, Document]) -> None:
    for row in read(name):
        assert set(row["documents"]) <= set(documents), row["id"]


def test_a_missing_side_or_disagreement_is_not_met_and_late_dates_count() -> None:
    empty = Positions(topic="x", coverage=Coverage(documents=0), sides=[], disagreements=[], index_version="v")
    assert positions_met({"sides": [], "disagreements": []}, empty)
    assert not positions_met({"sides": ["kyiv"], "disagreements": []}, empty)
    assert not positions_met({"sides": [], "disagreements": ["a"]}, empty)
    row = {"as_of": dt.date(2026, 1, 1)}
    assert late(row, [dt.date(2025, 12, 31), dt.date(2026, 1, 2), None]) == 2

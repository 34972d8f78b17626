"""The question sets of the reader's features are well formed, and their scorer counts right."""

from pathlib import Path

import pytest

from index.documents.loading import load_paths
from index.types import Coverage
from rag.types import Answer, AnswerSentence, Citation
from tests.questions.reading import met, read

SEEDS = Path(__file__).parents[3] / "seeds"


@pytest.fixture(scope="module")
def known() -> set[str]:
    return {entry.document.id for entry in load_paths([SEEDS]).documents}


@pytest.mark.parametrize("name", ["timeline", "changes", "as_of"])
def test_a_set_is_well_formed(name: str, known: set[str]) -> None:
    rows = read(name)
    assert len(rows) >= 20
    assert len({row["id"] for row in rows}) == len({row["question"] + str(row["as_of"]) for row in rows}) == len(rows)
    assert {row["language"] for row in rows} == {"en", "uk", "ru"}
    for row in rows:
        assert row["documents"]
        assert {one for group in row["documents"] for one in group} <= known, row["id"]


def test_groups_count_where_one_is_cited_and_in_order() -> None:
    cited = [
        Citation(
            marker=n,
            document_id=i,
            title="",
            publisher=None,
            date=None,
            url=None,
            language="en",
            quote="x",
            start=0,
            end=1,
        )
        for n, i in enumerate("abc", start=1)
    ]
    sentence = AnswerSentence(text="x", citations=(1, 2, 3), support=1)
    answer = Answer(
        question="q",
        standalone_question="q",
        status="answered",
        text="x [1] [2] [3]",
        sentences=(sentence,),
        citations=tuple(cited),
        coverage=Coverage(documents=3),
        index_version="v",
    )
    assert met(answer, [["z", "b"], ["a"], ["y"]], in_order=False) == [True, True, False]
    assert met(answer, [["b"], ["a"], ["c"]], in_order=True) == [True, False, True]

import sqlite3

import numpy as np
import pytest

from index.derivation import Derived, DerivedChunk
from index.storage import lexical_search
from index.storage.lexical_search import LexicalSearch
from index.storage.store import Store
from index.types import Chunk, Document

ROWS = 3_000


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Texts of 20 words by Zipf's law: a handful of terms is in nearly every row."""
    generator = np.random.default_rng(3)
    with Store.open(tmp_path_factory.mktemp("lexical") / "parley.sqlite3", create=True) as store:
        with store.writing():
            for number in range(ROWS):
                words = [f"t{rank}" for rank in generator.zipf(1.3, size=20) if rank < 400]
                text = " ".join(words)
                document = Document(id=f"d{number}", title="", date=f"2026-01-{1 + number % 28:02}", text=text)
                chunk = Chunk(f"c{number:04}", document.id, 0, 0, len(text), text)
                derived = Derived(document, "", (DerivedChunk(chunk, text, f"h{number}", text),))
                store.put_document(derived, "hash", "", "")
        yield store


def by_scoring_everything(store: Store, tokens: list[str], k: int, as_of: str | None) -> list[tuple[int, float]]:
    """What SQLite alone gives."""
    return store._connection.execute(
        f"SELECT chunks.rowid, -bm25(chunk_tokens, {lexical_search.TITLE_WEIGHT}, 1.0) AS score "
        "FROM chunk_tokens JOIN chunks ON chunks.rowid = chunk_tokens.rowid "
        "JOIN documents ON documents.id = chunks.document_id "
        "WHERE chunk_tokens MATCH ? AND (? IS NULL OR documents.date <= ?) ORDER BY score DESC, chunks.id LIMIT ?",
        (" OR ".join(f'"{token}"' for token in tokens), as_of, as_of, k),
    ).fetchall()


@pytest.mark.parametrize("as_of", [None, "2026-01-09"])
@pytest.mark.parametrize("first_rows", [1, 100, 1_000])
def test_result_is_that_of_scoring_everything(store, monkeypatch, first_rows, as_of):
    monkeypatch.setattr(lexical_search, "_FIRST_ROWS", first_rows)
    generator = np.random.default_rng(first_rows)
    search = LexicalSearch(store._connection)
    counts = dict(store._connection.execute("SELECT term, doc FROM chunk_terms"))
    for _ in range(60):
        tokens = list(dict.fromkeys(f"t{rank}" for rank in generator.zipf(1.2, size=generator.integers(1, 9))))
        k = int(generator.choice([1, 5, 50, 400]))
        telling = [token for token in tokens if counts.get(token, 0) <= ROWS / 2]
        everything = by_scoring_everything(store, tokens, k, as_of)
        found = search.search(tokens, k, as_of)
        # Terms in more than half of the rows add millionths, which decide only where nothing else does.
        alone = by_scoring_everything(store, telling, k, as_of) if telling else []
        assert found == (alone if len(alone) == k else everything)
        assert [score for _, score in found] == pytest.approx([score for _, score in everything], abs=1e-4)


def test_rows_with_common_terms_alone_are_not_scored_where_rarer_terms_decide(store, monkeypatch):
    monkeypatch.setattr(lexical_search, "_FIRST_ROWS", 50)
    counts = dict(store._connection.execute("SELECT term, doc FROM chunk_terms"))
    rare = next(term for term, count in counts.items() if 5 <= count <= 10)
    common = next(term for term, count in counts.items() if ROWS / 4 < count <= ROWS / 2)
    asked = []
    scored = lexical_search._scored
    monkeypatch.setattr(lexical_search, "_scored", lambda *given: asked.append(given[2]) or scored(*given))
    found = LexicalSearch(store._connection).search([common, rare], 5)
    assert found == by_scoring_everything(store, [common, rare], 5, None)
    assert asked == [[rare], [rare]]  # for the floor, and for the result


def test_term_of_nearly_every_row_still_fills_up_what_the_others_leave(store):
    counts = dict(store._connection.execute("SELECT term, doc FROM chunk_terms"))
    rare = next(term for term, count in counts.items() if 5 <= count <= 10)
    assert counts["t1"] > ROWS / 2
    assert len(LexicalSearch(store._connection).search(["t1", rare], 40)) == 40


def test_counts_are_taken_anew_after_another_connection_wrote(tmp_path):
    def put(store, number, text):
        document = Document(id=f"d{number}", title="", text=text)
        chunk = Chunk(f"c{number}", document.id, 0, 0, len(text), text)
        with store.writing():
            store.put_document(Derived(document, "", (DerivedChunk(chunk, "", f"h{number}", text),)), "hash", "", "")

    with Store.open(tmp_path / "parley.sqlite3", create=True) as reader, Store.open(reader.database) as writer:
        put(writer, 0, "old words")
        put(writer, 1, "other words")
        assert [hit.chunk.id for hit in reader.lexical(["new", "old"], 5)] == ["c0"]
        put(writer, 2, "new words")
        assert reader._lexical._row_counts(["new", "words"]) == {"new": 1, "words": 3}
        assert {hit.chunk.id for hit in reader.lexical(["new", "old"], 5)} == {"c0", "c2"}


def test_equal_scores_come_in_the_order_of_the_ids(tmp_path):
    with Store.open(tmp_path / "parley.sqlite3", create=True) as store:
        with store.writing():
            for number in np.random.default_rng(0).permutation(300).tolist():
                document = Document(id=f"d{number}", title="", text="same words")
                chunk = Chunk(f"c{number:03}", document.id, 0, 0, 10, "same words")
                derived = Derived(document, "", (DerivedChunk(chunk, "", f"h{number}", "same words"),))
                store.put_document(derived, "hash", "", "")
        found = store.lexical(["same"], 7)
    assert [hit.chunk.id for hit in found] == [f"c{number:03}" for number in range(7)]


def test_vocabulary_is_read_off_the_index_so_it_cannot_be_written(store):
    with pytest.raises(sqlite3.OperationalError):
        store._connection.execute("DELETE FROM chunk_terms")

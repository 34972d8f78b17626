"""Chunking of the seeds and of documents that strain it, with the counters of real tokenizers' kinds."""

import datetime as dt
import re
from pathlib import Path

import pytest

from index.documents.loading import load_paths
from index.errors import DocumentError
from index.text.chunking import chunk_document, embedded_text
from index.text.sentences import split_sentences
from index.types import Chunk, Document


def count_words_and_signs(text: str) -> int:
    """Like a tokenizer: words in pieces of four characters, signs apart, two special tokens."""
    return 2 + sum((len(word) + 3) // 4 for word in re.findall(r"\w+|[^\w\s]", text))


def make(text: str, title: str = "A title", date: dt.date | None = dt.date(2026, 1, 22)) -> Document:
    return Document(id="d", title=title, date=date, text=text)


def check(document: Document, max_tokens: int) -> list[Chunk]:
    """The document's chunks, after checking what every list of chunks must keep."""
    chunks = chunk_document(document, count_words_and_signs, max_tokens)
    text = document.text
    assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    position = 0
    for chunk in chunks:
        assert chunk.document_id == document.id
        assert chunk.text == text[chunk.start : chunk.end] == chunk.text.strip() != ""
        assert not text[position : chunk.start].strip(), "text between two chunks"
        assert position <= chunk.start
        assert count_words_and_signs(embedded_text(document, chunk.text)) <= max_tokens
        assert re.fullmatch("[0-9a-f]{24}", chunk.id)
        position = chunk.end
    assert not text[position:].strip(), "text after the last chunk"
    return chunks


@pytest.fixture(scope="module")
def seeds() -> list[Document]:
    return [loaded.document for loaded in load_paths([Path("seeds")]).documents]


@pytest.mark.parametrize("max_tokens", [128, 256, 512])
def test_chunks_of_every_seed_hold_every_sentence_whole(seeds: list[Document], max_tokens: int) -> None:
    for document in seeds:
        chunks = check(document, max_tokens)
        for sentence in split_sentences(document.text):
            holders = [c for c in chunks if c.start < sentence.end and sentence.start < c.end]
            whole = len(holders) == 1 and holders[0].start <= sentence.start <= sentence.end <= holders[0].end
            longer = count_words_and_signs(embedded_text(document, document.text[sentence.start : sentence.end]))
            assert whole or longer > max_tokens


def test_chunks_of_the_seeds_come_near_the_size_aimed_at(seeds: list[Document]) -> None:
    sizes = [len(chunk.text.split()) for document in seeds for chunk in check(document, 512)]
    assert 90 <= sum(sizes) / len(sizes) <= 130
    assert min(sizes) >= 40
    assert max(sizes) <= 200


def test_chunk_ends_where_the_paragraph_ends() -> None:
    sentence = "The envoys met again in the palace and spoke for ten long hours. "
    paragraph = (sentence * 7).strip()  # 84 words
    chunks = check(make("\n\n".join([paragraph] * 4)), 512)
    assert [chunk.text for chunk in chunks] == [paragraph] * 4


def test_short_last_piece_joins_its_neighbour() -> None:
    sentence = "The envoys met again in the palace and spoke for ten long hours. "
    text = (sentence * 9).strip() + "\n\nNobody signed."
    assert [chunk.text for chunk in check(make(text), 512)] == [text]


def test_short_last_piece_stands_alone_where_it_does_not_fit() -> None:
    text = ("word " * 60).strip() + ".\n\nNobody signed."
    document = make(text)
    full = count_words_and_signs(embedded_text(document, text))
    assert len(check(document, full)) == 1
    assert [chunk.text for chunk in check(document, full - 1)][-1] == "Nobody signed."


def test_too_long_sentence_is_cut_between_words() -> None:
    text = "First. " + " ".join(f"слово{number}" for number in range(500)) + ". Last."
    words = [word for chunk in check(make(text), 100) for word in chunk.text.split()]
    assert words == text.split()


def test_too_long_word_is_cut_inside() -> None:
    text = "Look at " + "x" * 3000 + " there."
    assert "".join(chunk.text for chunk in check(make(text), 60)).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("text", ["", "  \n\n\t"])
def test_empty_body_has_no_chunks(text: str) -> None:
    assert chunk_document(make(text), count_words_and_signs, 128) == []


def test_one_word_is_one_chunk() -> None:
    assert [chunk.text for chunk in check(make(" Agreed\n"), 128)] == ["Agreed"]


def test_windows_newlines_keep_offsets() -> None:
    check(make("\r\n".join(["One sentence here. And another one."] * 60)), 100)


def test_title_that_leaves_no_room_is_an_error() -> None:
    with pytest.raises(DocumentError, match=r"'d'.*of the 12 tokens.*shorten the title"):
        chunk_document(make("Some text."), count_words_and_signs, 12)


def test_whole_that_has_more_tokens_than_its_parts_is_cut_again() -> None:
    def count(text: str) -> int:  # a sentence alone is cheap, two together are not
        return len(text) * (3 if text.count(".") > 1 else 1)

    document = make("One two three. " * 30)
    chunks = chunk_document(document, count, 120)
    assert all(count(embedded_text(document, chunk.text)) <= 120 for chunk in chunks)
    assert " ".join(chunk.text for chunk in chunks) == document.text.strip()


def test_tokens_are_counted_a_few_times_a_sentence() -> None:
    calls = []

    def count(text: str) -> int:
        calls.append(len(text))
        return count_words_and_signs(text)

    document = make("Here is a sentence of eight words altogether. " * 3000)
    chunk_document(document, count, 128)
    assert len(calls) <= 2 * 3000
    assert sum(calls) <= 3 * len(document.text)


def test_embedded_text_puts_title_and_date_in_front() -> None:
    assert embedded_text(make("x"), "Text.") == "A title (2026-01-22, 22 January 2026)\nText."
    assert embedded_text(make("x", date=None), "Text.") == "A title\nText."


def test_chunk_id_changes_with_all_that_is_embedded_or_cited() -> None:
    same = make("One sentence.")
    others = [
        make("One sentence!"),
        make(" One sentence."),
        make("One sentence.", title="Another"),
        make("One sentence.", date=None),
        same.model_copy(update={"id": "e"}),
    ]
    ids = [chunk_document(document, count_words_and_signs, 128)[0].id for document in [same, *others]]
    assert len(set(ids)) == len(ids)
    assert chunk_document(make("One sentence."), count_words_and_signs, 128)[0].id == ids[0]

"""The reader that ships: what it says of plain cases, in three languages, and that it cannot be misled by its file."""

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from index.text.sentences import split_sentences
from rag.answering.reader import Evidence, Reader
from rag.answering.reader.errors import ReaderError

PASSAGE = (
    "The port authority of Hallmark Bay said on Monday that the ferry strike would end after nine days. "
    "Its director, Ines Corbel, signed the agreement with the seafarers' union in Lorient. "
    "Wages will rise by four per cent in January. The union had asked for seven."
)
HEAD = "Ferry strike ends (12 May 2021)"
ANSWERABLE = "Who put her name to the deal with the seafarers?"
UNRELATED = "How many seats did the farmers' party win in the regional election?"


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.open()


def test_question_on_another_subject_scores_lower(reader):
    answered, unrelated = reader.score([(ANSWERABLE, PASSAGE), (UNRELATED, PASSAGE)])
    assert 0 <= unrelated < answered <= 1


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("Хто підписав угоду з профспілкою?", "Директорка порту Інес Корбель підписала угоду з профспілкою у Лорьяні."),
        (
            "Кто подписал соглашение с профсоюзом?",
            "Директор порта Инес Корбель подписала соглашение с профсоюзом в Лорьяне.",
        ),
    ],
)
def test_ukrainian_and_russian_are_read(reader, question, passage):
    answered, unrelated = reader.score([(question, passage), ("Скільки коштує квиток?", passage)])
    assert answered > unrelated


def test_answer_lies_in_the_sentence_that_holds_it(reader):
    reading = reader.read(ANSWERABLE, [Evidence(PASSAGE, HEAD)])[0]
    sentences = split_sentences(PASSAGE)
    assert max(sentences, key=reading.share) == sentences[1]


def test_shares_of_all_sentences_add_up_to_one(reader):
    reading = reader.read(ANSWERABLE, [Evidence(PASSAGE, HEAD)])[0]
    assert sum(map(reading.share, split_sentences(PASSAGE))) == pytest.approx(1)


def test_answer_within_a_sentence_stays_in_it(reader):
    last = split_sentences(PASSAGE)[-1]
    answer = reader.read(ANSWERABLE, [Evidence(PASSAGE)])[0].answer(within=last)
    assert last.start <= answer.start < answer.end <= last.end


def test_empty_evidence_has_no_answer(reader):
    reading = reader.read(ANSWERABLE, [Evidence("")])[0]
    assert reading.answer() is None
    assert reading.share(split_sentences(PASSAGE)[0]) == 0
    assert 0 <= reading.score <= 1


def test_no_pairs_give_no_scores(reader):
    assert reader.score([]).shape == (0,)


def test_long_hostile_and_broken_text_is_read(reader):
    texts = ["word " * 5000, "а\u0301" * 3000, "\0\ud800", "</s> query: yes", "\ufdfa" * 500, "." * 4000]
    assert np.isfinite(reader.score([(text, text) for text in texts])).all()


def test_threads_get_what_one_caller_gets(reader):
    pairs = [(f"{ANSWERABLE} {number}", PASSAGE) for number in range(8)]
    alone = [reader.score([pair])[0] for pair in pairs]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda pair: reader.score([pair])[0], pairs))
    assert together == alone


def test_damaged_weights_are_refused(tmp_path, monkeypatch):
    damaged = tmp_path / "reader-int8.npz"
    damaged.write_bytes(b"not weights")
    monkeypatch.setattr("rag.answering.reader.reader.WEIGHTS_FILE", damaged)
    with pytest.raises(ReaderError, match="damaged"):
        Reader.open(damaged)


def test_missing_weights_are_named(tmp_path):
    with pytest.raises(ReaderError, match="missing"):
        Reader.open(tmp_path / "none.npz")


def test_ten_passages_are_read_within_a_second(reader):
    evidence = [Evidence(f"{PASSAGE} {PASSAGE} {number}", HEAD) for number in range(10)]
    reader.read(ANSWERABLE, evidence)
    start = time.perf_counter()
    reader.read(ANSWERABLE, evidence)
    assert time.perf_counter() - start < 1

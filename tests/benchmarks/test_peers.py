"""The comparison with other libraries: its scoring by hand, its page, and one real system measured in a process."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.peers.interface import SourceText
from benchmarks.peers.measure import Job, Measured, Took
from benchmarks.peers.page import Comparison, render
from benchmarks.peers.scores import Figures, figures, hits_in, mrr_gain
from rag.evaluation.questions import EvalQuestion

ASKED = (
    EvalQuestion(id="a", question="Where is bread sold?", relevant={"bakery": 1}, language="en"),
    EvalQuestion(id="b", question="Хто страйкує в порту?", relevant={"harbour": 1}, language="uk"),
)


def measured(*found: tuple[str, ...], **fields: object) -> Measured:
    given = {
        "chunks": 3,
        "opening": Took(1.0, 1.5),
        "indexing": Took(2.0, 2.5),
        "asking": (Took(0.010, 0.020), Took(0.030, 0.040)),
        "peak_mb": 100.0,
    }
    return Measured(found=found, **{**given, "versions": {"p": "1"}, "tried_network": (), **fields})


@pytest.fixture
def scored() -> Figures:
    """The first question's document comes first; the other's third, behind two chunks of one document."""
    return figures([measured(("bakery", "orchard"), ("orchard", "orchard", "bakery", "harbour"))], ASKED)


def test_documents_rank_by_their_best_chunk(scored):
    assert [scored.hit(cutoff) for cutoff in (1, 5, 10)] == [0.5, 1.0, 1.0]
    assert scored.mrr == pytest.approx((1 + 1 / 3) / 2)
    assert hits_in(scored, ASKED, 1, "en") == 1.0
    assert hits_in(scored, ASKED, 1, "uk") == 0.0


def test_rounds_give_the_shortest_times_and_the_largest_memory():
    found = (("bakery",), ("harbour",))
    rounds = [
        measured(*found, indexing=Took(4.0, 5.0), asking=(Took(1, 3), Took(2, 4)), peak_mb=90.0),
        measured(*found, indexing=Took(3.0, 6.0), asking=(Took(3, 1), Took(4, 2)), peak_mb=110.0),
    ]
    best = figures(rounds, ASKED)
    assert (best.indexing, best.question_p50, best.peak_mb) == (Took(3.0, 5.0), Took(1.5, 1.5), 110.0)


def test_a_system_gains_nothing_on_itself(scored):
    gain = mrr_gain(scored, scored, ASKED)
    assert (gain.mean, gain.low, gain.high, gain.n) == (0, 0, 0, 2)


def test_the_page_says_where_a_peer_is_ahead(scored):
    slow = figures([measured(("bakery",), ("orchard",), indexing=Took(8.0, 9.0))], ASKED)
    page = render(
        Comparison(
            figures={"langchain": scored, "parley-minilm": scored, "parley-e5": slow},
            questions=ASKED,
            left_out=4,
            file="asked.jsonl",
            documents=3,
            k=30,
            rounds=1,
            versions={"p": "1"},
            tried_network={"langchain": ["example.org"], "parley-minilm": [], "parley-e5": []},
            command="a command",
            day=dt.date(2026, 1, 2),
        )
    )
    page = " ".join(page.split())
    behind, ahead = page.split("Than Parley, `e5` (its default):")
    assert "- in none of these measures" in behind  # equal is not ahead
    assert "- indexing, s (Parley 8.0): LangChain + Chroma, the tutorial 2.0" in ahead
    assert "- hit@5 (Parley 0.500): LangChain + Chroma, the tutorial 1.000" in ahead
    assert "question, ms" not in ahead
    assert "one run, on 2026-01-02" in page
    assert "``` a command ```" in page
    assert "2 answerable questions (1 en, 1 uk)" in page
    assert "LangChain + Chroma, the tutorial tried example.org" in page


def test_a_secluded_process_reaches_itself_but_no_other_machine():
    code = (
        "import socket\n"
        "from benchmarks.peers.seclusion import seclude\n"
        "tried = seclude()\n"
        "with socket.create_server(('127.0.0.1', 0)) as server:\n"
        "    socket.create_connection(server.getsockname()).close()\n"
        "for host in ('example.org', '192.0.2.1'):\n"
        "    try:\n"
        "        socket.create_connection((host, 80), timeout=1)\n"
        "    except OSError as error:\n"
        "        print(error)\n"
        "print(tried)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "example.org is on the network, and this process is kept off it",
        "192.0.2.1 is on the network, and this process is kept off it",
        "['example.org', '192.0.2.1']",
    ]


@pytest.mark.usefixtures("three_documents")
def test_a_system_is_measured_in_a_process_of_its_own(settings, tmp_path: Path):
    texts = tuple(SourceText(name, name, None, "") for name in ("bakery", "harbour", "orchard"))
    Job(texts, settings.seeds, ("Where is rye bread sold?", "Who is on strike?"), 30).write(tmp_path / "job.json")
    command = [sys.executable, "-m", "benchmarks.peers.measure", "parley-e5", "job.json", "result.json"]
    command[4:] = [str(tmp_path / name) for name in command[4:]]
    subprocess.run(command, check=True, capture_output=True)
    result = Measured.read(tmp_path / "result.json")
    assert [found[0] for found in result.found] == ["bakery", "harbour"]
    assert result.chunks == 3
    assert result.indexing.processor_s > 0
    assert len(result.asking) == 2
    assert result.peak_mb > 50
    assert not result.tried_network

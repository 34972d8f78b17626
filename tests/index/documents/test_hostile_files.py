"""A folder of files made to break a reader: each gets its refusal, the others load, and memory stays bounded."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hostile_files import HOSTILE, write_hostile

ROOT = Path(__file__).resolve().parents[3]
MOST_MEMORY_MB = 400  # of the process that loads; a 200 MB line alone would be half of it
MOST_CHILD_MEMORY_MB = 1_100  # what a parser may take

_LOAD = """
import json, re, resource, sys
from pathlib import Path
from index.documents.loading import load_paths

resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
loaded = load_paths([Path(sys.argv[1])])
print(json.dumps({
    "documents": [entry.document.id for entry in loaded.documents],
    "refusals": [[refusal.path, refusal.message] for refusal in loaded.refusals],
    "memory_mb": int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text()).group(1)) / 1024,
    "child_memory_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
}))
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict:
    folder = tmp_path_factory.mktemp("hostile") / "docs"
    write_hostile(folder)
    done = subprocess.run([sys.executable, "-c", _LOAD, folder], cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) >= 30


@pytest.mark.parametrize("name", HOSTILE)
def test_each_gets_a_clear_refusal(report: dict, name: str) -> None:
    messages = [message for path, message in report["refusals"] if Path(path).name == name]
    assert len(messages) == 1, (name, messages)
    assert re.search(HOSTILE[name][1], messages[0]), messages[0]
    assert "\n" not in messages[0]
    assert len(messages[0]) < 300


def test_the_others_load_and_nothing_from_outside_does(report: dict) -> None:
    assert sorted(report["documents"]) == ["a-good", "good-word", "m-good", "z-good"]


def test_memory_stays_bounded(report: dict) -> None:
    assert report["memory_mb"] < MOST_MEMORY_MB
    assert report["child_memory_mb"] < MOST_CHILD_MEMORY_MB

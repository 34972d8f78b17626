"""The whole way in this process: real documents, embedder, index and assistant."""

import json

import pytest

from index.embedding import open_embedder
from index.settings import load_settings
from index.sync import sync
from rag.evaluation.__main__ import main

DOCUMENTS = {
    "berlin": (
        "2025-12-15",
        "Berlin talks",
        "Chancellor Friedrich Merz hosted the envoys in Berlin. They spoke for five hours.",
    ),
    "davos": ("2026-01-22", "Davos breakfast", "Steve Witkoff told the Davos breakfast that one issue was left."),
}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home whose index holds the documents."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name, (date, title, text) in DOCUMENTS.items():
        head = f"---\nid: {name}\ntitle: {title}\ndate: {date}\nkind: event\nlanguage: en\n---\n"
        (seeds / f"{name}.md").write_text(head + text, encoding="utf-8")
    monkeypatch.setenv("PARLEY_HOME", str(tmp_path / "home"))
    settings = load_settings()
    sync(settings, open_embedder(settings.embedding_model, settings.home), [seeds])
    return settings.home


def test_a_run_over_the_library_scores_retrieval_too(tmp_path, home):
    questions = tmp_path / "q.jsonl"
    rows = [
        {
            "id": "q1",
            "question": "Who hosted the envoys in Berlin?",
            "must_include": [["Merz"]],
            "relevant": ["berlin"],
        },
        {"id": "q2", "question": "Who hosted the envoys?", "relevant": ["berlin"], "as_of": "2025-12-31"},
    ]
    questions.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    out = tmp_path / "out"
    assert main(["run", str(questions), "--out", str(out), "-k", "3"]) == 0
    figures = json.loads((out / "report.json").read_text())["figures"]
    for name, n in {"right": 1, "hit@3": 2, "mrr@3": 2, "asof_leak": 1, "quote_exactness": 2}.items():
        assert (figures[name]["value"], figures[name]["n"]) == (0 if name == "asof_leak" else 1, n), name
    assert figures["faithfulness"]["n"] > 0
    passages = json.loads((out / "rows.jsonl").read_text().splitlines()[1])["passages"]
    assert {passage["document_id"] for passage in passages} == {"berlin"}

"""The description of the API: its examples, the page at /docs in a browser, and docs/api.md by running it."""

import json
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect
from serving import ROOT, RunningServer

from index.documents.loading import load_paths
from rag.types import Answer
from rag.web import api_examples
from rag.web.api import AskRequest, KeptAnswer, SearchResults

GUIDE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^curl .*?(?<!\\)$", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def description(server: RunningServer) -> dict:
    return httpx.get(f"{server.url}/openapi.json").json()


def test_the_example_is_an_answer_whose_quotes_stand_in_the_shipped_documents() -> None:
    answer = Answer.model_validate(api_examples.answer())
    assert answer.question == api_examples.QUESTION
    assert answer.citations
    documents = {loaded.document.id: loaded.document for loaded in load_paths([ROOT / "seeds"]).documents}
    for citation in answer.citations:
        assert documents[citation.document_id].text[citation.start : citation.end] == citation.quote


def test_every_other_example_fits_what_it_is_an_example_of(description: dict) -> None:
    for example in description["components"]["schemas"]["AskRequest"]["examples"]:
        AskRequest.model_validate(example).cleaned()
    SearchResults.model_validate(api_examples.passages())
    kept = description["paths"]["/api/answers/{answer_id}"]["get"]["responses"]["200"]["content"]["application/json"]
    KeptAnswer.model_validate(kept["example"])
    content = description["paths"]["/api/ask"]["post"]["responses"]["200"]["content"]
    assert content["application/json"]["example"] == api_examples.answer()
    last = content["text/event-stream"]["example"].strip().split("\n\n")[-1]
    assert json.loads(last.removeprefix("event: answer\ndata: ")) == api_examples.answer()


def test_every_operation_is_described_grouped_and_says_how_it_refuses(description: dict) -> None:
    operations = [
        (f"{method.upper()} {path}", operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]
    assert len(operations) >= 11
    for name, operation in operations:
        assert operation["summary"], name
        assert operation["tags"], name
        assert "HTTPValidationError" not in json.dumps(operation), name
    for path in ("/api/ask", "/v1/chat/completions"):
        assert {"400", "429", "503"} <= set(description["paths"][path]["post"]["responses"])


def test_the_page_of_documentation_works_without_another_host(open_page: Callable[..., Page]) -> None:
    page = open_page("/docs")
    operation = page.locator(".opblock-summary", has_text="Ask a question")
    expect(operation).to_be_visible()
    operation.click()
    expect(page.locator(".opblock-body").first).to_contain_text("Witkoff")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_guide_runs_as_it_is_written(server: RunningServer, command: str, tmp_path: Path) -> None:
    """Against the test documents: ids are put in where the guide has a name in capitals."""
    answer = httpx.post(f"{server.url}/api/ask", json={"question": "Who met at the lake?"}, timeout=30).json()
    for placeholder, value in {
        "http://127.0.0.1:7860": server.url,
        "ANSWER_ID": answer["answer_id"],
        "CONVERSATION_ID": answer["conversation_id"],
        "2026-01-22-davos-down-to-one-issue": "ferry",
    }.items():
        command = command.replace(placeholder, value)
    arguments = [*shlex.split(command.replace("\\\n", "")), "--fail-with-body", "--silent", "--max-time", "30"]
    run = subprocess.run(arguments, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout
    assert '"error"' not in run.stdout


def test_the_guide_names_every_path(description: dict) -> None:
    assert len(COMMANDS) >= 10
    for path in [*description["paths"], "/mcp", "/metrics", "/docs"]:
        assert path.replace(":path", "") in GUIDE, path

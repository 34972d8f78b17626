"""Examples for the description of the API: one real answer of the shipped documents, and what follows from it."""

import json
from pathlib import Path
from typing import Any

_ANSWER = Path(__file__).parents[1] / "data" / "example_answer.json"

QUESTION = "What did Witkoff say about the talks in Davos?"
ASK_REQUESTS = [
    {"question": QUESTION},
    {"question": "And what did the Kremlin say?", "history": [QUESTION], "as_of": "2026-03-01"},
]
COMPLETION_REQUEST = {"model": "parley", "messages": [{"role": "user", "content": QUESTION}]}
ERROR = {
    "error": {"code": "bad_question", "message": "The question is empty; type what you want to know about the talks."}
}
BUSY = {"error": {"code": "busy", "message": "100 questions are waiting already; ask again in a moment."}}
NOT_READY = {
    "error": {"code": "index_not_ready", "message": "The documents are still being read; ask again in a moment."}
}


def answer() -> dict[str, Any]:
    """The answer to QUESTION as `POST /api/ask` gave it."""
    return json.loads(_ANSWER.read_text(encoding="utf-8"))


def passages() -> dict[str, Any]:
    """What a search gives, for the first citation of the answer."""
    citation = answer()["citations"][0]
    names = ("document_id", "title", "date", "quote", "start", "end")
    return {"passages": [{**{name: citation[name] for name in names}, "score": 0.93}]}


def events() -> str:
    """The answer as an event stream, its middle left out."""
    given = json.dumps(answer(), ensure_ascii=False)
    words = json.dumps({"text": answer()["text"].split(" ")[0]})
    sent = [("status", '{"stage": "retrieve"}'), ("token", words), ("answer", given)]
    return "".join(f"event: {name}\ndata: {data}\n\n" for name, data in sent)


def shown(example: Any, description: str = "", media_type: str = "application/json") -> dict[str, Any]:
    """One entry of FastAPI's `responses`."""
    return {"description": description, "content": {media_type: {"example": example}}}


def responses() -> dict[tuple[str, str], Any]:
    """What operations give, by method and path."""
    given = answer()
    kept = {**given, "asked_at": "2026-11-24T12:00:00.000000Z"}
    return {
        ("post", "/api/ask"): given,
        ("get", "/api/search"): passages(),
        ("get", "/api/answers/{answer_id}"): kept,
        ("post", "/api/feedback"): {"answer_id": given["answer_id"], "rating": "up", "comment": ""},
        ("delete", "/api/conversations/{conversation_id}"): {"deleted": 1},
    }


def refusals() -> dict[int | str, dict[str, Any]]:
    """The errors of every route that asks."""
    return {
        400: shown(ERROR, "The question, or the request, cannot be used."),
        429: shown(BUSY, "Too many questions; `Retry-After` says when to ask again."),
        503: shown(NOT_READY, "There is no index to answer from yet; `Retry-After` says when to ask again."),
    }

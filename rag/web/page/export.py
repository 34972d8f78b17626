"""A conversation as a file to keep: Markdown to read, JSON to work with."""

import json
from collections.abc import Sequence

from rag.records import StoredAnswer
from rag.types import Citation
from rag.web.sourcing_line import sourcing_line
from rag.web.strings import Strings


def conversation_markdown(stored: Sequence[StoredAnswer], strings: Strings) -> str:
    """Questions, answers and what they rest on, each with when it was asked and from which index."""
    return "\n\n".join(["# Parley", *(_turn(one, strings) for one in stored)]) + "\n"


def conversation_json(conversation_id: str, stored: Sequence[StoredAnswer]) -> str:
    """The answers as the API gives them, the oldest first."""
    answers = [{**one.answer.model_dump(mode="json"), "asked_at": one.asked_at.isoformat()} for one in stored]
    return json.dumps({"conversation_id": conversation_id, "answers": answers}, ensure_ascii=False, indent=2) + "\n"


def _turn(stored: StoredAnswer, strings: Strings) -> str:
    answer = stored.answer
    asked = strings("answer_page.asked", date=strings.date(stored.asked_at.date()), time=f"{stored.asked_at:%H:%M}")
    made = strings("answer_page.made_from", answerer=strings.answerer(answer.answerer), version=answer.index_version)
    lines = [f"## {answer.question}", answer.text, *(_cited(citation, strings) for citation in answer.citations)]
    return "\n\n".join([*lines, f"{asked}. {made}"])


def _cited(citation: Citation, strings: Strings) -> str:
    parts = (citation.title, citation.publisher, strings.date(citation.date), citation.url)
    quote = "\n".join(f"> {line}".rstrip() for line in citation.quote.splitlines())
    sourcing = sourcing_line([citation], strings)
    place = f"[{citation.marker}] {', '.join(part for part in parts if part)}"
    return f"{place}{f' ({sourcing})' if sourcing else ''}\n\n{quote}"

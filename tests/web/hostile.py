"""A collection in which every document is an attack, and an assistant that quotes all of it at once.

The payloads are in payloads.yaml; `window.pwned` names the one that ran.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from index.types import Coverage, Document
from rag.types import (
    Answer,
    AnswerEvent,
    AnswerSentence,
    Citation,
    Event,
    NearestPassage,
    Question,
    StatusEvent,
    TokenEvent,
)
from rag.web.markup import visible

OTHER_HOST = "evil.example"
ABSTAIN = "abstain"  # in a question: then the payloads come as the closest passages
_TOKEN_CHARS = 400
_IN_A_DOCUMENT = 4


@dataclass(frozen=True)
class Payload:
    name: str
    text: str

    @property
    def sentence(self) -> str:
        """What the document says, payload included."""
        return f"The vault of {self.name.split('/')[1]} holds {self.text} crowns."


@cache
def payloads() -> tuple[Payload, ...]:
    """All of payloads.yaml, named `kind/name`."""
    kinds = yaml.safe_load((Path(__file__).parent / "payloads.yaml").read_text(encoding="utf-8"))
    return tuple(
        Payload(f"{kind}/{name}", text.replace("PWN", f"window.pwned='{kind}/{name}'"))
        for kind, named in kinds.items()
        for name, text in named.items()
    )


def groups() -> list[tuple[Payload, ...]]:
    """The payloads that share a document."""
    return [payloads()[first : first + _IN_A_DOCUMENT] for first in range(0, len(payloads()), _IN_A_DOCUMENT)]


def write_hostile_documents(folder: Path) -> None:
    """Documents `vault-0` and so on, with payloads in title, kind, text, publishers and addresses."""
    folder.mkdir(parents=True)
    for number, group in enumerate(groups()):
        fields = {
            "id": f"vault-{number}",
            "title": " ".join(payload.text for payload in group),
            "date": "2026-02-10",
            "kind": group[0].text[:80],
            "language": "en",
            "sources": [
                {"publisher": payload.text, "title": payload.text, "date": "2026-02-10", "url": address_of(payload)}
                for payload in group
            ],
        }
        front = yaml.safe_dump(fields, allow_unicode=False, sort_keys=False)
        text = "\n\n".join(payload.sentence for payload in group)
        (folder / f"{number}.md").write_text(f"---\n{front}---\n{text}\n", encoding="utf-8")


def address_of(payload: Payload) -> str:
    """A web address that holds the payload; the loader lets no other kind in."""
    return f"https://{OTHER_HOST}/{'/'.join(visible(payload.text).split())}"


class Reciter:
    """In place of the assistant: answers every question with all documents, as a model that an attacker sways might."""

    answerer, model = "extractive", None

    def __init__(self, documents: list[Document]) -> None:
        self._documents = documents

    def stream(self, question: Question) -> Iterator[Event]:
        yield StatusEvent("retrieve")
        answer = self._abstention(question) if ABSTAIN in question.question else self._answer(question)
        for start in range(0, len(answer.text), _TOKEN_CHARS):
            yield TokenEvent(answer.text[start : start + _TOKEN_CHARS])
        yield AnswerEvent(answer)

    def _answer(self, question: Question) -> Answer:
        cited = list(enumerate(self._documents, 1))
        return Answer(
            **self._common(question),
            status="answered",
            text="\n\n".join(f"{document.text} [{marker}]" for marker, document in cited),
            sentences=tuple(
                AnswerSentence(text=document.text, citations=(marker,), support=1) for marker, document in cited
            ),
            citations=tuple(
                Citation(
                    marker=marker,
                    document_id=document.id,
                    title=document.title,
                    publisher=document.sources[0].publisher,
                    date=document.date,
                    url=groups()[marker - 1][0].text if marker % 2 else document.sources[0].url,
                    language=document.title,
                    quote=document.text,
                    start=0,
                    end=len(document.text),
                )
                for marker, document in cited
            ),
        )

    def _abstention(self, question: Question) -> Answer:
        return Answer(
            **self._common(question),
            status="abstained",
            text=" ".join(payload.text for payload in payloads()),
            nearest=tuple(
                NearestPassage(
                    document_id=document.id,
                    title=document.title,
                    date=document.date,
                    quote=document.text,
                    start=0,
                    end=len(document.text),
                )
                for document in self._documents
            ),
        )

    def _common(self, question: Question) -> dict[str, object]:
        return {
            "question": question.question,
            "standalone_question": question.question,
            "coverage": Coverage(documents=len(self._documents)),
            "followups": tuple(payload.text for payload in payloads()[:20]),
            "index_version": "0",
        }

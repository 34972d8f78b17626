"""A briefing as a short answer: how it stands, one position of each side, what is open."""

import datetime as dt
from collections.abc import Iterator

from index.text.dates import spell_date
from rag.answering.extractive import Draft, evidence_of, without_marks
from rag.grounding import support
from rag.reading.briefing import Briefing
from rag.reading.quoted import Quoted
from rag.types import AnswerSentence, Citation

MOST_STATES = 2
MOST_SIDES = 4

_WORDS = {
    "en": {
        "preface": "In short; the whole briefing, with all sources, is under Briefing.",
        "state": "How it stands",
        "open": "Open",
        "kyiv": "Kyiv",
        "moscow": "Moscow",
        "washington": "Washington",
        "brussels": "Brussels",
        "capitals": "Another European capital",
    },
    "uk": {
        "preface": "Коротко; повна довідка з усіма джерелами — у вкладці «Довідка».",
        "state": "Стан справ",
        "open": "Відкрите",
        "kyiv": "Київ",
        "moscow": "Москва",
        "washington": "Вашингтон",
        "brussels": "Брюссель",
        "capitals": "Інша європейська столиця",
    },
    "ru": {
        "preface": "Коротко; полная справка со всеми источниками — во вкладке «Справка».",
        "state": "Состояние дел",
        "open": "Открыто",
        "kyiv": "Киев",
        "moscow": "Москва",
        "washington": "Вашингтон",
        "brussels": "Брюссель",
        "capitals": "Другая европейская столица",
    },
}


def briefing_draft(briefing: Briefing, language: str) -> Draft:
    """The best of a briefing as an answer in that language; no sentences where the documents are silent."""
    sentences: list[AnswerSentence] = []
    citations: list[Citation] = []
    shown: set[tuple[str, int]] = set()
    for label, day, one, named_in, front in _lines(briefing, _WORDS[language]):
        if (one.document_id, one.start) in shown:
            continue
        shown.add((one.document_id, one.start))
        cited = [_citation(each, len(citations) + n) for n, each in enumerate(filter(None, (one, named_in)), start=1)]
        citations += cited
        words = f"{front}: {without_marks(one.quote)}" if front else without_marks(one.quote)
        dated = f"{label}, {spell_date(day, language)}" if day else label
        score = support(" ".join(map(evidence_of, cited)), words)
        markers = tuple(each.marker for each in cited)
        sentences.append(AnswerSentence(text=f"{dated}: {words}", citations=markers, support=score))
    preface = _WORDS[language]["preface"] if sentences else ""
    return Draft(tuple(sentences), tuple(citations), preface, listed=True, briefing=briefing.topic)


def _lines(
    briefing: Briefing, words: dict[str, str]
) -> Iterator[tuple[str, dt.date | None, Quoted, Quoted | None, str | None]]:
    """Label, day, words, where their speaker is named, and whom they call "he"."""
    state = briefing.state_of_play
    dated = [(one.day, one) for one in state.status if one.day] + [(one.date, one) for one in state.newest]
    for day, one in sorted(dated, key=lambda pair: pair[0], reverse=True)[:MOST_STATES]:
        yield words["state"], day, one, None, one.subject
    for side in [side for side in briefing.positions if side.side in words][:MOST_SIDES]:
        first = side.positions[0]
        yield f"{words[side.side]} ({first.speaker})", first.said_on, first, first.named_in, None
    for one in briefing.open_points.unsettled[:1]:
        yield words["open"], one.day, one, None, one.subject


def _citation(one: Quoted, marker: int) -> Citation:
    return Citation(marker=marker, **{field: getattr(one, field) for field in Quoted.model_fields})

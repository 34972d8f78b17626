"""What changed, as an answer: each newer claim with what was said before it, and what is not found again."""

from collections.abc import Iterator

from index.text.dates import spell_date
from rag.answering.extractive import Draft, evidence_of, without_marks
from rag.grounding import support
from rag.reading.changes import Changes, Claim
from rag.types import AnswerSentence, Citation

_LABELS = {
    "en": {"now": "Now, {date}", "before": "Before, {date}", "gone": "Not found again since, {date}"},
    "uk": {"now": "Тепер, {date}", "before": "Раніше, {date}", "gone": "Відтоді не повторювалося, {date}"},
    "ru": {"now": "Теперь, {date}", "before": "Раньше, {date}", "gone": "С тех пор не повторялось, {date}"},
}


def changes_draft(changes: Changes, language: str) -> Draft:
    """The changes as an answer in that language; empty where no newer claim was found."""
    sentences, citations = [], []
    for marker, (label, claim) in enumerate(_claims(changes), start=1):
        citation = Citation(marker=marker, **claim.model_dump(exclude={"subject"}))
        front = f"{claim.subject}: " if claim.subject else ""
        words = front + without_marks(claim.quote)
        dated = _LABELS[language][label].format(date=spell_date(claim.date, language))
        score = support(evidence_of(citation), words)
        sentences.append(AnswerSentence(text=f"{dated}: {words}", citations=(marker,), support=score))
        citations.append(citation)
    return Draft(tuple(sentences), tuple(citations), listed=True)


def _claims(changes: Changes) -> Iterator[tuple[str, Claim]]:
    for change in changes.changed:
        yield "now", change.now
        if change.before:
            yield "before", change.before
    yield from (("gone", claim) for claim in changes.not_found_again)

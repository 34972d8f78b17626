"""The quotations of a document: verbatim, with who says it, when and where as the text tells it.

What stands between quotation marks is a quotation if somebody is named who says it, or if it is long enough to be no
mere term ("coalition of the willing"). A speaker whom the text leaves in doubt is nobody's name: the sentence is there.
"""

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from index.text.names import Names
from index.types import REFERENCE_KINDS, Document, Span
from rag.reading.attribution import Attribution, is_possessive, speaker_of
from rag.reading.speakers import Spoken, Voice
from rag.reading.words import Sentence, table
from rag.time.expressions import find_periods

FEWEST_WORDS_OF_NOBODY = 4
_THAT = re.compile(r",\s*(?:що|что|як|как)\b")
FARTHEST_AFTER_QUOTATION = 45  # characters: ", the foreign minister said"


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in quotation marks. `document.text[span.start:span.end]` is what was said, without the marks.

    `context` is the sentence that holds it; `voice` is None where nobody is named. `second_hand` tells that somebody
    else reports the words. `said_on` and `place_ids` are None and empty where neither sentence nor document tells.
    """

    span: Span
    context: Span
    voice: Voice | None
    second_hand: bool
    said_on: dt.date | None
    place_ids: tuple[str, ...]


def quotations_of(document: Document, names: Names) -> list[Quotation]:
    """The quotations of a document, in order; titles of works and single terms without a speaker are left out."""
    spoken = Spoken(document, names)
    if not spoken.quotations:
        return []
    found = []
    before: tuple[int, Voice | None] | None = None  # the sentence and the speaker of the quotation before
    for outer, inner in spoken.quotations:
        index = spoken.index_at(outer.start)
        sentence = spoken.sentence(index)
        attribution = _governing(sentence, spoken.attributions(index), outer, names)
        voice = spoken.voice(index, attribution.speaker) if attribution and attribution.speaker else None
        if attribution is None:
            voice = _of_whole_sentence(spoken, index, outer, before)
        words = len(document.text[inner.start : inner.end].split())
        if (voice is None and words < FEWEST_WORDS_OF_NOBODY) or _is_name(
            document.text[inner.start : inner.end], names
        ):
            continue
        before = (index, voice)
        found.append(
            Quotation(
                inner,
                sentence.span,
                voice,
                _is_second_hand(sentence, spoken.attributions(index), attribution),
                said_on(document, sentence, outer),
                _places(document, sentence, attribution, names),
            )
        )
    return found


def _is_name(quoted: str, names: Names) -> bool:
    """Whether nothing but a name is between the marks, as newspapers and firms are written in some languages."""
    found = names.find(quoted)
    return len(found) == 1 and found[0].end - found[0].start == len(quoted.strip())


def _governing(sentence: Sentence, attributed: list[Attribution], quotation: Span, names: Names) -> Attribution | None:
    """What says who speaks a quotation: whose it is called, else the words right after it, else those before it."""
    if owner := _owner(sentence, quotation, names):
        return owner
    verbs = [each for each in attributed if not each.is_according]
    after = next((each for each in verbs if each.span.start >= quotation.end), None)
    if after and after.speaker and _belongs_after(sentence, after, quotation):
        return after
    before = [each for each in verbs if each.span.end <= quotation.start]
    if not before:
        return next((each for each in attributed if each.is_according), None)
    named = [each for each in before if each.speaker]
    if named and sentence.surface(sentence.span.start, quotation.start).rstrip().endswith(":"):
        same_part = [each for each in named if ";" not in sentence.surface(each.span.end, quotation.start)]
        return (same_part or named)[0]
    nearest = before[-1]
    between = sentence.surface(nearest.span.end, quotation.start)
    if ";" not in between:
        return nearest
    is_person = nearest.speaker and (
        nearest.speaker.pronoun or all(names.entity(one).kind == "person" for one in nearest.speaker.entity_ids)
    )
    other = _names_person(sentence, nearest.span.end, quotation.start, names)
    return nearest if is_person and between.count(";") == 1 and not other else None


def _owner(sentence: Sentence, quotation: Span, names: Names) -> Attribution | None:
    """Whose words the sentence calls them: `Witkoff's "one issue"`, `"..." was Witkoff's phrase`."""
    words = sentence.words
    for naming in sentence.namings:
        if not is_possessive(sentence, naming) or names.entity(naming.entity_id).kind != "person":
            continue
        start, end = words[naming.first].start, words[naming.last].end
        ahead = end <= quotation.start and not sentence.surface(end, quotation.start).strip()
        behind = start >= quotation.end and sentence.surface(quotation.end, start).strip() in table().be
        if ahead or behind:
            return Attribution(Span(start, end), speaker_of(sentence, naming))
    return None


def _names_person(sentence: Sentence, start: int, end: int, names: Names) -> bool:
    """Whether a person is named between two places of a sentence."""
    return any(
        names.entity(naming.entity_id).kind == "person" and start <= sentence.words[naming.first].start < end
        for naming in sentence.namings
    )


def _belongs_after(sentence: Sentence, attribution: Attribution, quotation: Span) -> bool:
    """Whether a quotation ends right before the words that tell who speaks: `"...," he said`."""
    first = min(attribution.span.start, attribution.speaker.span.start if attribution.speaker else quotation.end)
    if first < quotation.end or attribution.span.start - quotation.end > FARTHEST_AFTER_QUOTATION:
        return False
    gap = sentence.surface(quotation.end, first)
    opens = sentence.surface(quotation.start, quotation.end)[-2:-1] in ",!?" or gap.lstrip()[:1] in (",", "—", "–", "-")
    return not any(char.isalnum() for char in gap) and opens


def _of_whole_sentence(
    spoken: Spoken, index: int, quotation: Span, before: tuple[int, Voice | None] | None
) -> Voice | None:
    """The speaker of a quotation that is a sentence by itself: whoever spoke in the sentence before it."""
    sentence = spoken.sentence(index)
    around = (
        sentence.text[: quotation.start - sentence.span.start] + sentence.text[quotation.end - sentence.span.start :]
    )
    if any(char.isalnum() for char in around) or spoken.starts_paragraph(index):
        return None
    if before and before[0] == index - 1:
        return before[1]
    spoke = [each.speaker for each in spoken.attributions(index - 1) if each.speaker]
    return spoken.voice(index - 1, spoke[-1]) if spoke else None


def _is_second_hand(sentence: Sentence, attributed: list[Attribution], governing: Attribution | None) -> bool:
    """Whether one who speaks tells of another's words, or the text itself says that it is only reported."""
    if governing is None or governing.speaker is None:
        return False
    hearsay = table().hearsay
    if any(hearsay.length(sentence.words, position) for position in range(len(sentence.words))):
        return True
    for each in attributed:
        if not each.speaker or each.speaker == governing.speaker or each is governing:
            continue
        if each.is_according and each.span.start < governing.span.end + FARTHEST_AFTER_QUOTATION:
            return True
        if each.speaker.span.end < governing.speaker.span.start and _governs(sentence, each, governing):
            return True
    return False


def _governs(sentence: Sentence, outer: Attribution, inner: Attribution) -> bool:
    """Whether what one says is that another says something: nothing but words is between the verb and that name."""
    assert inner.speaker
    between = _THAT.sub(" ", sentence.surface(outer.span.end, inner.speaker.span.start))
    return inner.speaker.pronoun is None and not set(between) & set(',;:.—–"“”«»')


def said_on(document: Document, sentence: Sentence, quotation: Span) -> dt.date | None:
    """The day that the sentence names before the quotation; else the document's, where that is of an event."""
    of_event = document.date if document.kind not in REFERENCE_KINDS else None
    told = sentence.surface(sentence.span.start, quotation.start)
    periods = [one for one in find_periods(told, document.date or dt.date.today()) if one.start and one.end]
    days = {
        _nearest_year(one.start, document.date) if one.year_inferred and document.date else one.start
        for one in periods
        if one.start == one.end and (document.date or not one.year_inferred)
    }
    if len(days) == 1:
        return days.pop()
    told_otherwise = days or any(not (of_event and one.start <= of_event <= one.end) for one in periods)
    return None if told_otherwise else of_event


def _nearest_year(day: dt.date, date: dt.date) -> dt.date:
    """The day without a year, in the year that brings it nearest to the document's date."""
    years = (date.year - 1, date.year, date.year + 1)
    candidates = [day.replace(year=year) for year in years if (day.month, day.day) != (2, 29) or calendar.isleap(year)]
    return min(candidates, key=lambda one: abs(one - date))


def _places(document: Document, sentence: Sentence, attribution: Attribution | None, names: Names) -> tuple[str, ...]:
    """Where the sentence says that the speaker was, if that is a place of the document."""
    if attribution is None:
        return ()
    listed = {mention.entity_id for place in document.places for mention in names.find(place)}
    said = [
        naming.entity_id
        for naming in sentence.namings
        if naming.entity_id in listed
        and naming.first
        and sentence.words[naming.first - 1].folded in table().places
        and sentence.words[naming.first - 1].start <= attribution.span.end + 1
    ]
    return tuple(dict.fromkeys(said))[:1]

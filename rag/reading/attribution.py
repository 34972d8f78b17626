"""Who speaks in a sentence: reporting verbs and "according to", with the words that name the speaker.

Read from the order of words, not from grammar. In doubt nobody is named: words in the wrong mouth are worse than words
whose sentence has to be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.text.names import Names
from index.text.words import is_number
from index.types import Span
from rag.reading.words import Naming, Sentence, Word, table

Pronoun = Literal["he", "she", "they"]
SPEAKING_KINDS = ("person", "body", "place")
LONGEST_PHRASE = 8  # words: "a senior official of the Ukrainian presidential office"
MOST_WORDS = 300  # of a sentence that is read
FARTHEST_AFTER = 5  # words between a verb and the subject that follows it


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is named as speaking, by the document's words at `span`; `entity_ids` where the names data knows them.

    Of a pronoun there is only `pronoun`, and `span` is where it stands.
    """

    span: Span
    entity_ids: tuple[str, ...] = ()
    pronoun: Pronoun | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """A word that says that somebody speaks, at `span`, and who; None where the sentence does not tell."""

    span: Span
    speaker: Speaker | None
    is_according: bool = False


def attributions(sentence: Sentence, names: Names) -> list[Attribution]:
    """Everything in a sentence that says that somebody speaks, in order; nothing of one that nobody would write."""
    found: list[Attribution] = []
    words, lists = sentence.words, table()
    if len(words) > MOST_WORDS:
        return []
    position = 0
    while position < len(words):
        if length := lists.according.length(words, position):
            speaker = _named_after(sentence, position + length, names)
            if speaker:
                found.append(Attribution(_span(words, position, position + length), speaker, is_according=True))
        elif (length := lists.verbs.length(words, position)) and not _is_name(sentence, position):
            speaker, says = _subject(sentence, position, found, names)
            if says:
                found.append(Attribution(_span(words, position, position + length), speaker))
        position += max(1, length)
    return found


def people(sentence: Sentence, names: Names) -> set[str]:
    """The people whom a sentence names outside quotations."""
    return {n.entity_id for n in sentence.namings if names.entity(n.entity_id).kind == "person"}


def speaker_of(sentence: Sentence, naming: Naming) -> Speaker:
    """Who is named there, as a speaker."""
    return Speaker(_span(sentence.words, naming.first, naming.last + 1), (naming.entity_id,))


def _subject(sentence: Sentence, verb: int, earlier: list[Attribution], names: Names) -> tuple[Speaker | None, bool]:
    """Who is the subject of the verb at a position, and whether it says that somebody speaks: a noun, a passive
    and a denial do not."""
    words, lists = sentence.words, table()
    start = _part_start(words, verb)
    if start < verb and words[start].folded in lists.conjunctions:
        start += 1
    end = verb
    while end > start and (words[end - 1].folded in lists.between or _is_adverb(sentence, end - 1)):
        end -= 1
    aside = {word.folded for word in words[end:verb]}
    is_passive = aside & lists.be and not words[verb].folded.endswith("ing")
    if is_passive or aside & lists.negations:
        return None, False
    if words[verb - 1].folded in lists.before_nouns and verb:
        return None, False
    speaker = _before(sentence, start, end, names) if end > start else _elsewhere(sentence, verb, earlier, names)
    if words[verb].folded not in lists.nouns:
        # A Slavic stem may be a noun's, too: after a verb it is its object.
        is_object = speaker is None and not words[verb].folded.isascii() and end > start
        return speaker, not is_object
    known = speaker is not None and end > start and bool(speaker.entity_ids or speaker.pronoun)
    first = next((i for i in range(start, end) if known and words[i].start == speaker.span.start), None)
    return speaker, first is not None and _only_leads_up(sentence, first)


def _before(sentence: Sentence, start: int, end: int, names: Names) -> Speaker | None:
    """The speaker whom the words from `start` to `end`, right before a verb, name."""
    words = sentence.words
    if pronoun := table().pronouns.get(words[end - 1].folded):
        return Speaker(_span(words, end - 1, end), pronoun=pronoun)
    naming = sentence.names_at(end - 1)
    if naming and (is_possessive(sentence, naming) or _is_of_country(sentence, naming)):
        return None
    if naming and _may_speak(naming, names) and not _is_spoken_of(sentence, naming, start):
        first = _joined_by_and(sentence, naming, start)
        together = [first, naming] if first and _may_speak(first, names) else [naming]
        span = _span(words, together[0].first, naming.last + 1)
        return Speaker(span, tuple(each.entity_id for each in together))
    for naming in reversed([n for n in sentence.namings if start <= n.first and n.last < end - 1]):
        follows = words[naming.last + 1].folded
        person = names.entity(naming.entity_id).kind == "person" and acts(sentence, naming)
        goes_on = follows in table().prepositions or is_number(follows)
        if person and goes_on and not is_possessive(sentence, naming):
            return speaker_of(sentence, naming)
    return _phrase(sentence, start, end)


def _elsewhere(sentence: Sentence, verb: int, earlier: list[Attribution], names: Names) -> Speaker | None:
    """The speaker of a verb that nobody is named right before: the one after it, or that of the verb before."""
    words = sentence.words
    if _follows_quotation(sentence, verb) or (verb == 0 and not words[verb].folded.isascii()):
        after_quotation = _named_after(sentence, verb + 1, names)
        if after_quotation:
            return after_quotation
    elif not words[verb].folded.isascii():
        after = next((n for n in sentence.namings if verb < n.first <= verb + 2), None)
        if after and after.is_subject_form and words[after.first].part == words[verb].part and _may_speak(after, names):
            return speaker_of(sentence, after)
    inherited = [each.speaker for each in earlier if each.speaker and not each.is_according]
    if inherited:
        return inherited[-1]
    return opening(sentence, verb, names)


def opening(sentence: Sentence, position: int, names: Names) -> Speaker | None:
    """Whom a sentence begins with as the one who acts, before the word at a position: a name, or a pronoun."""
    words = sentence.words
    for index, word in enumerate(words[:position]):
        if pronoun := table().pronouns.get(word.folded):
            return Speaker(_span(words, index, index + 1), pronoun=pronoun)
        naming = next((n for n in sentence.namings if n.first == index), None)
        if naming and _may_speak(naming, names) and not _is_adjective(sentence, naming):
            if not acts(sentence, naming) or not _only_leads_up(sentence, index):
                return None
            other = _after_and(sentence, naming)
            together = (naming.entity_id, other.entity_id) if other else (naming.entity_id,)
            return Speaker(_span(words, naming.first, (other or naming).last + 1), together)
    return None


def _named_after(sentence: Sentence, position: int, names: Names) -> Speaker | None:
    """Who is named in the words that follow: a pronoun, the first person, or another one who may speak."""
    words = sentence.words
    if position >= len(words):
        return None
    if pronoun := table().pronouns.get(words[position].folded):
        return Speaker(_span(words, position, position + 1), pronoun=pronoun)
    near = [
        naming
        for naming in sentence.namings
        if position <= naming.first < position + FARTHEST_AFTER
        and words[naming.first].part == words[position].part
        and not is_possessive(sentence, naming)
    ]
    people_near = [naming for naming in near if names.entity(naming.entity_id).kind == "person"]
    chosen = next(iter(people_near or [n for n in near if n.first == position or _after_the(words, n)]), None)
    if chosen and names.entity(chosen.entity_id).kind in SPEAKING_KINDS:
        return speaker_of(sentence, chosen)
    if not _follows_quotation(sentence, position - 1):
        return None
    end = next((i for i in range(position, len(words)) if words[i].part != words[position].part), len(words))
    surface = sentence.surface(words[end - 1].start, words[end - 1].end)
    is_name = end - position <= LONGEST_PHRASE and surface[0].isupper() and not near
    return Speaker(_span(words, position, end)) if is_name else None


def _phrase(sentence: Sentence, start: int, end: int) -> Speaker | None:
    """A speaker whom the names data does not know, by the words before the verb: "a senior Ukrainian official"."""
    words = sentence.words
    if not 0 < end - start <= LONGEST_PHRASE or words[start].folded in table().prepositions:
        return None
    if end - start == 1 and words[start].folded in table().determiners:
        return None
    surface = sentence.surface(words[start].start, words[end - 1].end)
    begins = words[start].folded in table().determiners or surface[0].isupper()
    lists = table()
    verbs = (i for i in range(start, end) if words[i].folded not in lists.nouns)
    if any(lists.stances.length(words, i) or lists.verbs.length(words, i) for i in verbs):
        return None
    naming = sentence.names_at(end - 1)
    if naming and not naming.is_subject_form:
        return None
    if not begins or any(word.folded in table().pronouns for word in words[start:end]):
        return None
    return Speaker(_span(words, start, end))


def _may_speak(naming: Naming, names: Names) -> bool:
    return naming.is_subject_form and names.entity(naming.entity_id).kind in SPEAKING_KINDS


def acts(sentence: Sentence, naming: Naming) -> bool:
    """Whether what is named may be who acts: no preposition is before it, and nothing of it is spoken of."""
    before = sentence.words[naming.first - 1].folded if naming.first else ""
    return naming.is_subject_form and before not in table().prepositions and not is_possessive(sentence, naming)


def is_possessive(sentence: Sentence, naming: Naming) -> bool:
    """Whether what is named is only whose something is."""
    word = sentence.words[naming.last]
    return sentence.surface(word.start, word.end)[-2:] in ("'s", "’s")


def _after_and(sentence: Sentence, naming: Naming) -> Naming | None:
    """Who is named right after somebody and an "and"."""
    following = naming.last + 1
    joins = following + 1 < len(sentence.words) and sentence.words[following].folded in table().ands
    return next((each for each in sentence.namings if joins and each.first == following + 1), None)


def _only_leads_up(sentence: Sentence, position: int) -> bool:
    """Whether the words of the part before a position are no more than titles or times."""
    start = _part_start(sentence.words, position)
    return sentence.words[start].folded not in table().conjunctions and all(
        word.folded in table().determiners | table().time | table().before_nouns
        or sentence.surface(word.start, word.end)[0].isupper()
        for word in sentence.words[start:position]
    )


def _is_spoken_of(sentence: Sentence, naming: Naming, start: int) -> bool:
    """Whether a preposition is right before a name that others stand in front of: "sources close to the Kremlin"."""
    first = naming.first
    while first > start and sentence.words[first - 1].folded in table().determiners:
        first -= 1
    return first > start and sentence.words[first - 1].folded in table().prepositions


def _is_of_country(sentence: Sentence, naming: Naming) -> bool:
    """Whether a name is only an English adjective: "Ukrainian reports"."""
    word = sentence.words[naming.last]
    return naming.first == naming.last and word.folded.endswith(table().adjective_endings)


def _is_adverb(sentence: Sentence, position: int) -> bool:
    word = sentence.words[position]
    return word.folded.endswith("ly") and sentence.surface(word.start, word.end).islower()


def _is_adjective(sentence: Sentence, naming: Naming) -> bool:
    """Whether another name or title follows at once: "Ukrainian President Zelensky"."""
    words, following = sentence.words, naming.last + 1
    if following >= len(words) or words[following].part != words[naming.last].part:
        return False
    return sentence.surface(words[following].start, words[following].end)[0].isupper()


def _is_name(sentence: Sentence, position: int) -> bool:
    """Whether a word is part of a name, or inside the sentence written like one: "Secretary of State"."""
    if any(naming.first <= position <= naming.last for naming in sentence.namings):
        return True
    return position > 0 and sentence.surface(sentence.words[position].start, sentence.words[position].end)[0].isupper()


def _joined_by_and(sentence: Sentence, naming: Naming, start: int) -> Naming | None:
    """Who is named with another one by "and", where those two are all that the part in front holds."""
    words = sentence.words
    joins = start >= 2 and words[start - 1].folded in table().ands and naming.first - start <= 1  # "and the"
    first = sentence.names_at(start - 2) if joins else None
    return first if first and (first.first == 0 or _part_start(words, first.first) == first.first) else None


def _follows_quotation(sentence: Sentence, position: int) -> bool:
    start = sentence.words[position].start
    before = [quotation.end for quotation in sentence.quotations if quotation.end <= start]
    return bool(before) and not any(char.isalnum() for char in sentence.surface(before[-1], start))


def _part_start(words: tuple[Word, ...], position: int) -> int:
    while position and words[position - 1].part == words[position].part:
        position -= 1
    return position


def _after_the(words: tuple[Word, ...], naming: Naming) -> bool:
    return naming.first > 0 and words[naming.first - 1].folded == "the"


def _span(words: Sequence[Word], first: int, end: int) -> Span:
    return Span(words[first].start, words[end - 1].end)

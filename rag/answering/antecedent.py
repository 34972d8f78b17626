"""Who is meant by "he" in a sentence that is shown by itself.

A sentence that leans on what stands before it is shown with that, if the two are short enough. Where they are not, a
person's name goes in front if the document leaves no choice: it is a page about that person, or names nobody else up to
there. Otherwise the sentence is not shown: words put into the wrong mouth are worse than words left out.
"""

import re
from dataclasses import dataclass

from index.text.entities import Entity
from index.text.names import Names
from index.text.sentences import split_sentences
from index.text.words import fold, is_cyrillic
from index.types import Document, Span

# In Ukrainian and Russian "he" may be a thing: a name is put in its place only where it speaks, writes or is quoted.
_SPEAKS = (
    r"(?=\s+(?:(?:також|ще|раніше|водночас|также|ещё|раньше|при этом|не)\s+)?(?:сказа[вл]\w*|каз[ау]\w+|каже|заяви\w+|"
    r"заявля\w+|дода[влє]\w*|наголо[сш]\w+|поясни\w+|пояснює|зазнач\w+|підкресли\w+|написа\w+|запевни\w+|пообіця\w+|"
    r"визна[влє]\w*|попереди\w+|запере\w+|вважає|назва[вл]\w*|відпові[вл]\w*|повідоми\w+|говор\w+|сказал\w*|добави\w+|"
    r"подчеркн\w+|объясни\w+|отмети\w+|написал\w*|завери\w+|пообеща\w+|призна\w+|предупреди\w+|отрица\w+|считает|"
    r"назвал\w*|ответи\w+|сообщи\w+|утвержда\w+)\b)"
)
_PERSONAL = re.compile(
    rf"\b(?:(?P<he>he|(?:він|он){_SPEAKS}|за його словами|по его словам|на його думку|по его мнению)"
    rf"|(?P<she>she|(?:вона|она){_SPEAKS}|за її словами|по е[её] словам|на її думку|по е[её] мнению)"
    r"|^\W*(?:(?P<his>his)|(?P<her>her)))\b",
    re.IGNORECASE,
)
# Nothing to be understood by itself.
_POINTS_BACK = re.compile(
    r"(?:it|they|its|their|this|these|those|both(?![^.,;]*\band\b)|neither|another|such|"
    r"the (?:latter|former|others?|rest)|that (?:was|is|would|had|did|meant|came)|"
    r"the (?:first|second|third|fourth|last)(?=,| (?:was|is|were|had|would|came|took|said|followed|foresaw)\b)|"
    r"(?:in|on|at|after|before|for|with|by|of|to|from|under|despite|according to|because of|instead of) "
    r"(?:it|them|him|her|this|that|these|those)(?=[\s,])|"
    r"він|вон[оаи]|його|її|їх\w*|це|цей|ця|ці|обидв[аі]|такий|така|таке|такі|"
    r"он|она|оно|они|его|её|ее|их|это|этот|эта|эти|оба|обе|такой|такая|такое|такие)\b",
    re.IGNORECASE,
)
# Clearer with what stands before it, and clear enough without.
_GOES_ON = re.compile(r"(?:then|the (?:two|three|same|move|proposal|statement|remarks?))\b", re.IGNORECASE)
_QUOTATION = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"]*\"")
_UNKNOWN_NAME = re.compile(r"\b[^\W\d_a-zа-яіїєґ][\w’'-]*(?:\s+[^\W\d_a-zа-яіїєґ][\w’'-]*)+")
# After these another subject speaks: "the mayor said that he".
_SUBORDINATES = re.compile(
    r"\w\W+(?:that|who|whom|which|whether|if|because|since|while|що|як\w{1,3}|якщо|бо|коли|чи|"
    r"что|котор\w+|если|когда|ли)\b",
    re.IGNORECASE,
)
# In a sentence that names one person, these speak of another or of what is theirs.
_OTHERS = re.compile(
    r"\bhim\b|\bher\b|[^\W\d_]['’]s?\s|\b(?:його|йому|нього|ним|її|їй|неї|нею|его|ему|него|нему|её|ей|неё|ней)\b",
    re.IGNORECASE,
)
# In Cyrillic a family name alone, or a clause, before the pronoun may name whom it means.
_MAY_NAME = re.compile(r"[,;:—–]|\w\W+[А-ЯІЇЄҐЁ]")
_OPENING_MARKS = "\"'«“*-•> "
FARTHEST = 2  # sentences before it that may be shown with it
FARTHEST_SUBJECT = 12  # sentences over which a subject is followed


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence as it can be shown: the span, and who is meant by its pronoun where the span does not tell.

    `named_at` is the sentence of the document that names them, None where its title does.
    """

    span: Span
    subject: Entity | None = None
    named_at: Span | None = None


def with_antecedent(document: Document, span: Span, names: Names, max_words: int) -> Shown | None:
    """The sentence at `span` with what it leans on; None where that cannot be shown in `max_words`."""
    text = document.text[span.start : span.end]
    pronoun = _pronoun_before_names(text, names)
    leans = bool(pronoun) or _opens_with(_POINTS_BACK, text) or not _is_balanced(text)
    if not leans and not _opens_with(_GOES_ON, text):
        return Shown(span)
    for earlier in _earlier(document, span, _paragraph_start(document.text, span.start), FARTHEST):
        longer = Span(earlier.start, span.end)
        words = document.text[longer.start : longer.end]
        if len(words.split()) > max_words:
            break
        opening = document.text[earlier.start : earlier.end]
        if not leans_back(opening, names) and _is_balanced(words) and (not pronoun or _people(opening, names)):
            return Shown(longer)
    if pronoun and _is_balanced(text):
        return _named(document, span, pronoun, names)
    return None if leans else Shown(span)


def leans_back(sentence: str, names: Names) -> bool:
    """Whether a sentence cannot be understood, or would be misunderstood, without what stands before it."""
    return bool(_pronoun_before_names(sentence, names)) or _opens_with(_POINTS_BACK, sentence)


def _is_balanced(text: str) -> bool:
    """Whether quotations that end in it also begin in it, and the reverse."""
    return text.count('"') % 2 == 0 and text.count("“") == text.count("”") and text.count("«") == text.count("»")


def _opens_with(cue: re.Pattern[str], sentence: str) -> bool:
    return bool(cue.match(sentence.lstrip(_OPENING_MARKS)))


def _pronoun_before_names(sentence: str, names: Names) -> re.Match[str] | None:
    """The first "he" or "she" that no person is named before, outside quotations."""
    spoken = _QUOTATION.sub(lambda quotation: " " * len(quotation.group()), sentence)
    pronoun = _PERSONAL.search(spoken)
    if pronoun is None or _people(spoken[: pronoun.start()], names):
        return None
    may_be_named = is_cyrillic(fold(pronoun.group())) and _MAY_NAME.search(spoken, 0, pronoun.start())
    return None if may_be_named else pronoun


def _people(text: str, names: Names) -> list[str]:
    """Who is named, by entity or, where the names data does not know them, by the words; in order."""
    found = []
    taken: list[Span] = []
    for mention in names.find(text):
        taken.append(Span(mention.start, mention.end))
        if names.entity(mention.entity_id).kind == "person":
            found.append((mention.start, mention.entity_id))
    for unknown in _UNKNOWN_NAME.finditer(text):
        if not any(one.start < unknown.end() and unknown.start() < one.end for one in taken):
            found.append((unknown.start(), unknown.group()))
    return [who for _, who in sorted(found)]


def _earlier(document: Document, span: Span, begin: int, farthest: int) -> list[Span]:
    """The sentences from `begin` up to it, nearest first, at most `farthest`."""
    before = split_sentences(document.text[begin : span.start])[-farthest:]
    return [Span(begin + one.start, begin + one.end) for one in reversed(before)]


def _named(document: Document, span: Span, pronoun: re.Match[str], names: Names) -> Shown | None:
    """The sentence under the name of whom the document leaves no choice.

    Sentence by sentence back: "he" goes on being he who was the last sentence's subject, up to one that names a single
    person. On a page about a person, a paragraph that begins with "he" begins with that person.
    """
    if _SUBORDINATES.search(pronoun.string, 0, pronoun.start()):
        return None
    page = _page_subject(document, names)
    begin = _paragraph_start(document.text, span.start) if page else 0
    for earlier in _earlier(document, span, begin, FARTHEST_SUBJECT):
        text = document.text[earlier.start : earlier.end]
        people = set(_people(text, names))
        if leaning := _pronoun_before_names(text, names):
            if people and not (leaning["he"] or leaning["she"]):
                return None
        elif people:
            entity = None if _OTHERS.search(text) else _sole(people, names)
            certain = entity is not None and _agrees(entity, pronoun) and page in (None, entity)
            return Shown(span, entity, earlier) if certain else None
    return Shown(span, page) if page and _agrees(page, pronoun) else None


def _sole(people: set[str], names: Names) -> Entity | None:
    return next((one for one in names.entities if people == {one.id}), None)


def _page_subject(document: Document, names: Names) -> Entity | None:
    """The person whom a page is about: the first of its people, when its title names them and no other of these."""
    if document.kind != "person" or not document.people:
        return None
    people = [who for person in document.people for who in _people(person, names)]
    titled = set(_people(document.title, names)) & set(people)
    return _sole(titled, names) if titled == set(people[:1]) else None


def _agrees(entity: Entity, pronoun: re.Match[str]) -> bool:
    return entity.feminine == bool(pronoun["she"] or pronoun["her"])


def _paragraph_start(text: str, position: int) -> int:
    return max(text.rfind("\n\n", 0, position), 0)

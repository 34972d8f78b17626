"""Rules that change a sentence: some so that it says something else, some so that it says the same in another way.

They know nothing of how `rag.grounding` reads a text; the only thing shared with it is the list of names.
"""

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from index.text.entities import Entity
from index.text.names import Mention, Names

MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня".split(),
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split(),
}
WORDS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve".split(),
    "uk": "нуль один два три чотири п'ять шість сім вісім дев'ять десять одинадцять дванадцять".split(),
    "ru": "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать".split(),
}
_NUMBER = re.compile(
    r"(?<![\w.,:–-])\d{1,3}(?:[, \u00a0]\d{3})+(?![\w:–-])|(?<![\w.,:–-])\d+(?:\.\d+)?(?![\w:–-]|[.,]\d)"
)
_SAID = re.compile(
    r"\b(?:said|told|announced|warned|called|added|insisted|stressed|заявив|заявила|сказав|сказала|повідомив|назвав|"
    r"наголосив|підкреслив|заявил|заявила|сказал|сказала|сообщил|назвал|подчеркнул)\b"
)
# A verb that takes "not" after it, or that can be made to.
_POSITIVE = re.compile(
    r"\b(was|were|is|are|has|have|had|will|would|could|should|can|must)\s+(?!not\b|no\b|n't)(?=[a-z])"
)
_NEGATIVE = re.compile(
    r"\b(was|were|is|are|has|have|had|will|would|could|should|can|must|did|does|do)(?:\s+not|n't)\s+"
)
_SLAVIC_PAST = re.compile(
    r"(?<![\w'’-])(?<!не )(?<!Не )(?=[а-яіїєґ]{5})[а-яіїєґ]+(?:ив|ав|ила|ала|или|али|ило|ало|ил|ал|нув|нул)(?:ся|сь)?(?![\w'’-])"
)
_SLAVIC_NOT = re.compile(r"(?<![\w'’-])не (?=[а-яіїєґ]{4})")
OPPOSITES = {
    "en": [
        ("agreed", "refused"), ("accepted", "rejected"), ("rose", "fell"), ("increased", "decreased"),
        ("before", "after"), ("supported", "opposed"), ("confirmed", "denied"), ("more", "less"), ("began", "ended"),
        ("first", "last"), ("lifted", "imposed"), ("welcomed", "criticised"), ("higher", "lower"),
    ],
    "uk": [("погодився", "відмовився"), ("підтвердив", "заперечив"), ("після", "перед"), ("більше", "менше"),
           ("перший", "останній"), ("підтримав", "засудив")],
    "ru": [("согласился", "отказался"), ("подтвердил", "опроверг"), ("после", "перед"), ("больше", "меньше"),
           ("первый", "последний"), ("поддержал", "осудил")],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence and where it comes from: its language and the entities of its document and of all documents."""

    text: str
    language: str
    names: Names
    nearby: tuple[str, ...]
    anywhere: tuple[str, ...]


Rule = Callable[[Place, random.Random], str | None]


def other_number(place: Place, lots: random.Random) -> str | None:
    """The sentence with another number in the place of one that belongs to no date."""
    found = [m for m in _NUMBER.finditer(place.text) if not _is_of_date(place, m)]
    if not found:
        return None
    match = lots.choice(found)
    digits = re.sub(r"[, \u00a0]", "", match[0])
    value = float(digits)
    if "." in digits:
        changed = f"{value + lots.choice([-0.4, 0.3, 1.2, 2.5]):.1f}"
    else:
        step = lots.choice([1, 2, 3]) if value < 20 else round(value * lots.choice([0.1, 0.25, 0.5, 2]))
        new = int(value + max(1, step)) if lots.random() < 0.6 or value - step < 1 else int(value - step)
        changed = f"{new:,}" if "," in match[0] else str(new)
    return None if changed == match[0] else _replaced(place.text, match.span(), changed)


def other_date(place: Place, lots: random.Random) -> str | None:
    """The sentence with another day, month or year in one of its dates."""
    match = _any_date(place)
    if not match:
        return None
    months = MONTHS[place.language]
    day, month = match["day"], match["month"]
    what = lots.choice(["day", "month", "year"] if match["year"] else ["day", "month"])
    if what == "day":
        new = str((int(day) + lots.choice([1, 2, 3, 5, 9]) - 1) % 28 + 1)
        return _replaced(place.text, match.span("day"), new)
    if what == "month":
        position = next(n for n, name in enumerate(months) if name.lower() == month.lower())
        return _replaced(place.text, match.span("month"), months[(position + lots.randint(1, 11)) % 12])
    return _replaced(place.text, match.span("year"), str(int(match["year"]) + lots.choice([-2, -1, 1])))


def other_name(place: Place, lots: random.Random) -> str | None:
    """The sentence with another person, place or body of the same sort, half of the time one of the same document."""
    mentions = [m for m in place.names.find(place.text) if not _speaks(place, m)]
    lots.shuffle(mentions)
    for mention in mentions:
        if (new := _another(place, mention, lots)) is not None:
            return _replaced(place.text, (mention.start, mention.end), new)
    return None


def other_speaker(place: Place, lots: random.Random) -> str | None:
    """The sentence with somebody else saying it, who is named in the same document where there is such a person."""
    for mention in place.names.find(place.text):
        if not _speaks(place, mention):
            continue
        new = _another(place, mention, lots, from_nearby=1.0) or _another(place, mention, lots)
        return _replaced(place.text, (mention.start, mention.end), new) if new else None
    return None


def turned_round(place: Place, lots: random.Random) -> str | None:
    """The sentence with a "not" more or less."""
    if place.language == "en":
        if match := _NEGATIVE.search(place.text):
            verb = "" if match[1] in ("did", "does", "do") else f"{match[1]} "
            return _replaced(place.text, match.span(), verb)
        match = _drawn(list(_POSITIVE.finditer(place.text)), lots)
        return _replaced(place.text, match.span(), f"{match[1]} not ") if match else None
    if match := _SLAVIC_NOT.search(place.text):
        return _replaced(place.text, match.span(), "")
    match = _drawn(list(_SLAVIC_PAST.finditer(place.text)), lots)
    return _replaced(place.text, match.span(), f"не {match[0]}") if match else None


def opposite_word(place: Place, lots: random.Random) -> str | None:
    """The sentence with a word turned into its opposite."""
    for pair in lots.sample(OPPOSITES[place.language], len(OPPOSITES[place.language])):
        for one, other in (pair, pair[::-1]):
            if match := re.search(rf"\b{one}\b", place.text):
                return _replaced(place.text, match.span(), other)
    return None


def as_it_is(place: Place, lots: random.Random) -> str | None:
    """The sentence itself."""
    return place.text


def without_clause(place: Place, lots: random.Random) -> str | None:
    """The sentence without its last clause, where that is set apart by a comma, semicolon, colon or dash."""
    cuts = [m for m in re.finditer(r"[,;:]\s|\s[–—-]\s", place.text) if m.start() >= 0.5 * len(place.text)]
    if not cuts or any(mark in place.text for mark in '"“”«»('):
        return None
    return place.text[: lots.choice(cuts).start()] + "."


def other_spelling(place: Place, lots: random.Random) -> str | None:
    """The sentence with a name spelled in another way, or without the first name."""
    mentions = place.names.find(place.text)
    lots.shuffle(mentions)
    for mention in mentions:
        entity = place.names.entity(mention.entity_id)
        if place.language != "en" or mention.surface.split()[-1] not in entity.en:
            continue
        spellings = [
            s for s in entity.en if s != mention.surface.split()[-1] and not s.endswith("*") and s[0].isupper()
        ]
        if entity.kind == "person" and spellings:
            return _replaced(place.text, (mention.start, mention.end), lots.choice(spellings))
    return None


def digits_to_words(place: Place, lots: random.Random) -> str | None:
    """The sentence with a small number in words instead of digits, or the other way round."""
    words = WORDS[place.language]
    if any(mark in place.text for mark in '"“”«»'):
        return None
    for match in _NUMBER.finditer(place.text):
        if match[0].isdigit() and 2 <= int(match[0]) < len(words) and not _is_of_date(place, match):
            return _replaced(place.text, match.span(), words[int(match[0])])
    for value in range(2, len(words)):
        if match := re.search(rf"(?<![\w-]){words[value]}(?![\w'’-])", place.text):
            return _replaced(place.text, match.span(), str(value))
    return None


def other_date_format(place: Place, lots: random.Random) -> str | None:
    """The sentence with a date written in another way."""
    match = _any_date(place)
    if not match or not match["year"]:
        return None
    month = next(n for n, name in enumerate(MONTHS[place.language], 1) if name.lower() == match["month"].lower())
    ways = [f"{match['year']}-{month:02}-{int(match['day']):02}", f"{int(match['day']):02}.{month:02}.{match['year']}"]
    if place.language == "en":
        ways = [
            ways[0],
            f"{match['month']} {match['day']}, {match['year']}",
            f"{match['month'][:3]} {match['day']}, {match['year']}",
        ]
    return _replaced(place.text, match.span(), lots.choice(ways))


def without_year(place: Place, lots: random.Random) -> str | None:
    """The sentence with the year of a date left out."""
    match = _any_date(place)
    if not match or not match["year"]:
        return None
    end = re.compile(r"(?:\s(?:року|года))?").match(place.text, match.end()).end()
    return _replaced(place.text, (match.start(), end), f"{match['day']} {match['month']}")


def reported(place: Place, lots: random.Random) -> str | None:
    """The sentence with another reporting verb."""
    verbs = {"said": "stated", "told": "informed", "warned": "said", "заявив": "сказав", "сказав": "заявив",
             "повідомив": "заявив", "заявил": "сказал", "сказал": "заявил", "сообщил": "заявил"}  # fmt: skip
    for match in re.finditer(r"\b\w+\b", place.text):
        if match[0] in verbs:
            return _replaced(place.text, match.span(), verbs[match[0]])
    return None


MUTATIONS: Mapping[str, Rule] = {
    "number": other_number,
    "date": other_date,
    "name": other_name,
    "speaker": other_speaker,
    "negation": turned_round,
    "opposite": opposite_word,
}
PARAPHRASES: Mapping[str, Rule] = {
    "unchanged": as_it_is,
    "clause left out": without_clause,
    "name spelled differently": other_spelling,
    "digits and words": digits_to_words,
    "date in another form": other_date_format,
    "year left out": without_year,
    "reporting verb": reported,
}


def _any_date(place: Place) -> re.Match[str] | None:
    months = "|".join(MONTHS[place.language])
    return re.search(
        rf"(?<![\w–-])(?<!\d [іий] )(?<!\d and )(?<!\d to )(?<!\d or )(?P<day>\d{{1,2}}) (?P<month>{months})(?: (?P<year>20\d\d))?\b",
        place.text,
        re.IGNORECASE,
    )


def _is_of_date(place: Place, match: re.Match[str]) -> bool:
    after, before = place.text[match.end() : match.end() + 20], place.text[max(0, match.start() - 12) : match.start()]
    months = "|".join(MONTHS[place.language])
    if re.match(rf"(?:\s?(?:[–—-]|and|or|to|і|та|й|и|до|по)\s?\d+)?\s(?:{months})", after, re.IGNORECASE) or re.search(
        rf"(?:{months})\s$", before, re.IGNORECASE
    ):
        return True
    return re.fullmatch(r"(?:19|20)\d\d", match[0]) is not None


def _speaks(place: Place, mention: Mention) -> bool:
    """Whether a name stands right before or after a reporting verb."""
    if place.names.entity(mention.entity_id).kind != "person":
        return False
    after, before = place.text[mention.end : mention.end + 14].lstrip(), place.text[: mention.start]
    return bool(_SAID.match(after) or re.search(rf"{_SAID.pattern} $", before))


def _another(place: Place, mention: Mention, lots: random.Random, from_nearby: float = 0.5) -> str | None:
    """The spelling of another entity of the same kind that the sentence doesn't name; in the nominative."""
    entity = place.names.entity(mention.entity_id)
    named = {other.entity_id for other in place.names.find(place.text)}
    pool = place.nearby if lots.random() < from_nearby else place.anywhere
    others = [other for other in map(place.names.entity, pool) if other.kind == entity.kind and other.id not in named]
    lots.shuffle(others)
    return next((spelled for other in others if (spelled := _spelled(other, place, mention))), None)


def _spelled(entity: Entity, place: Place, mention: Mention) -> str | None:
    """How an entity is written in the place's language; an adjective ("Ukrainian") has none."""
    if place.language == "en":
        if mention.surface.endswith(("ian", "ish", "ese", "can", "ians", "man", "nch")):
            return None
        return (
            entity.label if " " in mention.surface and entity.kind == "person" else entity.en[0] if entity.en else None
        )
    spellings = entity.uk if place.language == "uk" else entity.ru
    plain = [spelling.partition("/")[0].rstrip("=") for spelling in spellings if not spelling.endswith("*")]
    return plain[0] if plain else None


def _drawn(matches: list[re.Match[str]], lots: random.Random) -> re.Match[str] | None:
    return lots.choice(matches) if matches else None


def _replaced(text: str, span: tuple[int, int], new: str) -> str:
    return f"{text[: span[0]]}{new}{text[span[1] :]}"


def made(rules: Mapping[str, Rule], place: Place, lots: random.Random) -> Iterator[tuple[str, str]]:
    """What each rule makes of a sentence, with the rule's name; a rule that does not apply gives nothing."""
    for kind, rule in rules.items():
        if claim := rule(place, lots):
            yield kind, claim

"""Rules that change a sentence so that it says something else."""

import random
import re
from collections.abc import Mapping

from benchmarks.grounding.places import MONTHS, NUMBER, Place, Rule, any_date, is_of_date, month_of, replaced
from index.text.entities import Entity
from index.text.names import Mention

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
    r"(?<![\w'’-])(?<!не )(?<!Не )(?=[а-яіїєґ]{5})[а-яіїєґ]+"
    r"(?:ив|ав|ила|ала|или|али|ило|ало|ил|ал|нув|нул)(?:ся|сь)?(?![\w'’-])"
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


def other_number(place: Place, lots: random.Random) -> str | None:
    """The sentence with another number in the place of one that belongs to no date."""
    found = [m for m in NUMBER.finditer(place.text) if not is_of_date(place, m)]
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
    return None if changed == match[0] else replaced(place.text, match.span(), changed)


def other_date(place: Place, lots: random.Random) -> str | None:
    """The sentence with another day, month or year in one of its dates."""
    match = any_date(place)
    if not match:
        return None
    months = MONTHS[place.language]
    day, month = match["day"], match["month"]
    what = lots.choice(["day", "month", "year"] if match["year"] else ["day", "month"])
    if what == "day":
        new = str((int(day) + lots.choice([1, 2, 3, 5, 9]) - 1) % 28 + 1)
        return replaced(place.text, match.span("day"), new)
    if what == "month":
        position = month_of(place, month) - 1
        return replaced(place.text, match.span("month"), months[(position + lots.randint(1, 11)) % 12])
    return replaced(place.text, match.span("year"), str(int(match["year"]) + lots.choice([-2, -1, 1])))


def other_name(place: Place, lots: random.Random) -> str | None:
    """The sentence with another person, place or body of the same sort, half of the time one of the same document."""
    mentions = [m for m in place.names.find(place.text) if not _speaks(place, m)]
    lots.shuffle(mentions)
    for mention in mentions:
        if (new := _another(place, mention, lots)) is not None:
            return replaced(place.text, (mention.start, mention.end), new)
    return None


def other_speaker(place: Place, lots: random.Random) -> str | None:
    """The sentence with somebody else saying it, who is named in the same document where there is such a person."""
    for mention in place.names.find(place.text):
        if not _speaks(place, mention):
            continue
        new = _another(place, mention, lots, from_nearby=1.0) or _another(place, mention, lots)
        return replaced(place.text, (mention.start, mention.end), new) if new else None
    return None


def turned_round(place: Place, lots: random.Random) -> str | None:
    """The sentence with a "not" more or less."""
    if place.language == "en":
        if match := _NEGATIVE.search(place.text):
            verb = "" if match[1] in ("did", "does", "do") else f"{match[1]} "
            return replaced(place.text, match.span(), verb)
        match = _drawn(list(_POSITIVE.finditer(place.text)), lots)
        return replaced(place.text, match.span(), f"{match[1]} not ") if match else None
    if match := _SLAVIC_NOT.search(place.text):
        return replaced(place.text, match.span(), "")
    match = _drawn(list(_SLAVIC_PAST.finditer(place.text)), lots)
    return replaced(place.text, match.span(), f"не {match[0]}") if match else None


def opposite_word(place: Place, lots: random.Random) -> str | None:
    """The sentence with a word turned into its opposite."""
    for pair in lots.sample(OPPOSITES[place.language], len(OPPOSITES[place.language])):
        for one, other in (pair, pair[::-1]):
            if match := re.search(rf"\b{one}\b", place.text):
                return replaced(place.text, match.span(), other)
    return None


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


MUTATIONS: Mapping[str, Rule] = {
    "number": other_number,
    "date": other_date,
    "name": other_name,
    "speaker": other_speaker,
    "negation": turned_round,
    "opposite": opposite_word,
}

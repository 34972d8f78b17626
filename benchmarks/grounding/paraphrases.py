"""Rules that change a sentence so that it says the same, or a part of it, in another way."""

import random
import re
from collections.abc import Mapping

from benchmarks.grounding.places import NUMBER, Place, Rule, any_date, is_of_date, month_of, replaced

WORDS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve",
    "uk": "нуль один два три чотири п'ять шість сім вісім дев'ять десять одинадцять дванадцять",
    "ru": "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать",
}
SYNONYMS = {
    "en": [
        ("met", "held talks with"), ("agreed", "consented"), ("began", "started"), ("talks", "negotiations"),
        ("envoy", "emissary"), ("prisoners", "captives"), ("document", "paper"), ("wanted", "wished"),
        ("about", "roughly"), ("war", "conflict"), ("troops", "soldiers"), ("spokesman", "press secretary"),
        ("meeting", "session"), ("later", "afterwards"), ("showed", "demonstrated"), ("proposed", "suggested"),
    ],
    "uk": [("переговори", "перемовини"), ("зустріч", "нарада"), ("війна", "конфлікт"), ("документ", "папір"),
           ("повідомив", "розповів"), ("близько", "приблизно"), ("речник", "прессекретар")],
    "ru": [("встреча", "беседа"), ("война", "конфликт"), ("документ", "бумага"), ("сообщил", "рассказал"),
           ("около", "примерно"), ("стороны", "участники"), ("пленных", "захваченных")],
}  # fmt: skip


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
            return replaced(place.text, (mention.start, mention.end), lots.choice(spellings))
    return None


def digits_to_words(place: Place, lots: random.Random) -> str | None:
    """The sentence with a small number in words instead of digits, or the other way round."""
    words = WORDS[place.language].split()
    if any(mark in place.text for mark in '"“”«»'):
        return None
    for match in NUMBER.finditer(place.text):
        if match[0].isdigit() and 2 <= int(match[0]) < len(words) and not is_of_date(place, match):
            return replaced(place.text, match.span(), words[int(match[0])])
    for value in range(2, len(words)):
        if match := re.search(rf"(?<![\w-]){words[value]}(?![\w'’-])", place.text):
            return replaced(place.text, match.span(), str(value))
    return None


def other_date_format(place: Place, lots: random.Random) -> str | None:
    """The sentence with a date written in another way."""
    match = any_date(place)
    if not match or not match["year"]:
        return None
    month = month_of(place, match["month"])
    ways = [f"{match['year']}-{month:02}-{int(match['day']):02}", f"{int(match['day']):02}.{month:02}.{match['year']}"]
    if place.language == "en":
        ways = [
            ways[0],
            f"{match['month']} {match['day']}, {match['year']}",
            f"{match['month'][:3]} {match['day']}, {match['year']}",
        ]
    return replaced(place.text, match.span(), lots.choice(ways))


def without_year(place: Place, lots: random.Random) -> str | None:
    """The sentence with the year of a date left out."""
    match = any_date(place)
    if not match or not match["year"]:
        return None
    end = re.compile(r"(?:\s(?:року|года))?").match(place.text, match.end()).end()
    return replaced(place.text, (match.start(), end), f"{match['day']} {match['month']}")


def reported(place: Place, lots: random.Random) -> str | None:
    """The sentence with another reporting verb."""
    verbs = {"said": "stated", "told": "informed", "warned": "said", "заявив": "сказав", "сказав": "заявив",
             "повідомив": "заявив", "заявил": "сказал", "сказал": "заявил", "сообщил": "заявил"}  # fmt: skip
    for match in re.finditer(r"\b\w+\b", place.text):
        if match[0] in verbs:
            return replaced(place.text, match.span(), verbs[match[0]])
    return None


def other_words(place: Place, lots: random.Random) -> str | None:
    """The sentence with two of its words put in other words."""
    found = [
        (match, other)
        for one, other in SYNONYMS[place.language]
        for match in re.finditer(rf"(?<!\w){one}(?!\w)", place.text)
    ]
    if not found or any(mark in place.text for mark in '"“”«»'):
        return None
    text = place.text
    for match, other in sorted(lots.sample(found, min(2, len(found))), key=lambda each: -each[0].start()):
        text = replaced(text, match.span(), other)
    return text


def other_order(place: Place, lots: random.Random) -> str | None:
    """The sentence with the date that it begins with at its end."""
    match = re.match(r"((?:On|In|At|By|After|Before) [^,.;]{0,24}\d{4}),? (?=\w)", place.text)
    if not match or not place.text.endswith("."):
        return None
    rest = place.text[match.end() : -1]
    return f"{rest[0].upper()}{rest[1:]} {match[1][0].lower()}{match[1][1:]}."


PARAPHRASES: Mapping[str, Rule] = {
    "unchanged": as_it_is,
    "clause left out": without_clause,
    "name spelled differently": other_spelling,
    "digits and words": digits_to_words,
    "date in another form": other_date_format,
    "year left out": without_year,
    "reporting verb": reported,
    "other words": other_words,
    "other order": other_order,
}

"""Is this word a date here? "may" the verb, "March on Kyiv", "2000 drones" and "the fall of Kyiv" are not.

Each guard looks at the words directly before and after a match; `rag/time/expressions.py` calls them.
"""

import re

from rag.time import words as words

_PREPOSITION = re.compile(
    r"in|on|at|over|of|since|until|till|by|before|after|during|from|through|around|towards?|for|between"
    r"|late|early|mid|last|this|next|past"
    r"|у|в|во|на|за|до|із|зі|з|с|со|від|от|к|ко|після|после|перед|протягом|впродовж|під|по|між|между|через"
    r"|напередодні|накануне|раніше|раньше|пізніше|позже|минулого|цього|наступного|прошлого|этого",
    re.IGNORECASE,
)
_DETERMINER = re.compile(r"the|a|that|its|his|her|their|our", re.IGNORECASE)
# After "the March ...", these say that someone is marching, or that a modal follows.
_AFTER_A_MARCH = re.compile(r"on|of|for|against|to|through|across|towards?|from|in|into|is|was|be|have|not")
_YEAR_LEAD = re.compile(
    r"in|of|during|since|by|before|after|until|till|through|from|and|to|the|year|mid|late|early|between|for"
    r"|у|в|за|до|після|после|з|із|с|со|на|протягом|від|от|к|рік|год|року|года",
    re.IGNORECASE,
)
_COUNT_LEAD = re.compile(
    r"at|about|over|under|nearly|almost|some|than|понад|майже|близько|більше|более|около|почти|свыше", re.IGNORECASE
)
_AFTER_A_DATE = re.compile(
    r"and|or|did|do|does|was|were|is|are|has|had|have|will|would|could|can|the|an?|in|on|at|to|with|when|what|who|how"
    r"|why|then|but|і|й|та|и|чи|або|или|не|в|у|на"
)
_ADVERB_SEASONS = re.compile(r"навесні|весною|весной|влітку|лет(?:ом)|восени|осенью|взимку|зимою|зимой", re.I)
_PRECEDING_WORD = re.compile(r"(?:^|[^\w])([^\W\d_]+)[\s-]+$")
_FOLLOWING_WORD = re.compile(r"\s+([^\W\d_]+)")
_PART_BEFORE = re.compile(rf"(?<!\w){words.PART}[\s-]+(?:the\s+)?$", re.I)
_LOOK_BACK = 40


def month_is_meant(match: re.Match[str], day: bool) -> bool:
    """Whether the group `month` names a month; `day` says that a day of the month stands beside it."""
    name, year = match["month"], match["year"]
    start = match.start()
    before, after = _word_before(match.string, start), _word_after(match.string, match.end())
    led = bool(_PREPOSITION.fullmatch(before))
    if day:
        if not match["day"].isdigit() and match["day"][0] < "\u0370":
            return " of " in match[0].casefold()  # "the second March meeting" is no second of March
        if match.start("month") < match.start("day") and (name[0] > "\u0370" or before.casefold() == "in"):
            return False  # "в марте 20 пленных", "in March 20 prisoners"
        plain = name[0] > "\u0370" or not words.AMBIGUOUS_MONTHS.fullmatch(name)
        return plain or led or bool(year) or name[0].isupper()
    if led or follows_part(match.string, start):
        return True
    if words.AMBIGUOUS_MONTHS.fullmatch(name):
        attributive = _DETERMINER.fullmatch(before) and after.islower() and not _AFTER_A_MARCH.fullmatch(after)
        return name[0].isupper() and bool(attributive or before.casefold() in ("to", "and"))
    if words.HALF_AMBIGUOUS_MONTHS.fullmatch(name):
        return name[0].isupper() and not after.istitle() and not before.istitle()
    return not (name[0].isupper() and name[0] > "\u0370" and re.fullmatch(words.MONTH_ADJECTIVE, name, re.I))


def season_is_meant(match: re.Match[str]) -> bool:
    """Whether the group `season`, with no year beside it, names a season."""
    name = match["season"]
    if _ADVERB_SEASONS.fullmatch(name):
        return True
    if name.casefold() == "fall" and _word_after(match.string, match.end()).casefold() == "of":
        return False
    return stands_after_preposition(match)


def holiday_is_meant(match: re.Match[str]) -> bool:
    """Whether the group `holiday`, with no year beside it, is a day here: "at Easter", not "the Easter truce"."""
    name, after = match["holiday"], _word_after(match.string, match.end())
    closes = not after.islower() or bool(_AFTER_A_DATE.fullmatch(after))
    if stands_after_preposition(match):
        return closes or _word_before(match.string, match.start()).casefold() != "the"
    return closes and name[0].isupper() and " " in name


def deictic_is_meant(match: re.Match[str]) -> bool:
    """Whether "today" is the day and no part of a name ("India Today")."""
    return not (match[0][0].isupper() and _word_before(match.string, match.start()).istitle())


def shift_is_seen_from_now(match: re.Match[str], unit: str, shift: int) -> bool:
    """Whether "next week" is seen from the reader; "the next week" and "the next day" are seen from what was told."""
    from_the_story = unit == "day" or _word_before(match.string, match.start()).casefold() == "the"
    return shift == 0 or not from_the_story


def stands_after_preposition(match: re.Match[str]) -> bool:
    """Whether a preposition of time or a part ("the end of") stands before the match; an article may come between."""
    head = re.sub(r"\bthe\s+$", "", match.string[max(0, match.start() - _LOOK_BACK) : match.start()], flags=re.I)
    return bool(_PREPOSITION.fullmatch(_word_before(head, len(head)))) or bool(_PART_BEFORE.search(head))


def year_is_meant(match: re.Match[str]) -> bool:
    """Whether four digits are a year and not a count, a price or a piece of a longer number."""
    text, year = match.string, int(match["year"])
    if match["year_word"] or match["ending"]:
        return True
    if re.search(r"[$€£₴₽№#]\s?$|[\d][\s,.]$", text[max(0, match.start() - 2) : match.start()]):
        return False
    if re.match(r"\s*[%°]|[.,:]\d|\s?\d|-\w", text[match.end() : match.end() + 3]):
        return False
    before = _word_before(text, match.start())
    after = _word_after(text, match.end())
    if _COUNT_LEAD.fullmatch(before):
        return False
    if not after or not after.islower() or bool(_AFTER_A_DATE.fullmatch(after)):
        return True
    return bool(_YEAR_LEAD.fullmatch(before)) and year % 100 != 0


def follows_part(text: str, start: int) -> bool:
    """Whether a word for a part of a period ("the end of", "early") stands before `start`."""
    return bool(_PART_BEFORE.search(text, max(0, start - _LOOK_BACK), start))


def _word_before(text: str, start: int) -> str:
    match = _PRECEDING_WORD.search(text, max(0, start - _LOOK_BACK), start)
    return match[1] if match else ""


def _word_after(text: str, end: int) -> str:
    match = _FOLLOWING_WORD.match(text, end)
    return match[1] if match else ""

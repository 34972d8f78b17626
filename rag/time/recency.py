"""Does a question ask how things stand now? Then the newest evidence goes first and the answer says its date."""

import datetime as dt
import re

from rag.time.expressions import Period, find_periods


def _any(*sources: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<![\w-])(?:{source})(?![\w-])" for source in sources), re.IGNORECASE)


_NOW = _any(
    r"now(?! that\b)|right now|by now|until now|up to now|at present|presently|currently",
    r"nowadays|these days|at the moment|to this day|thus far|as things stand|recently|lately",
    r"current(?!\s+(?:account|of|affairs|events)\b|s\b)|to date(?!\s+(?:back|the|from)\b)",
    r"so far(?!\s+(?:as|away|apart|from|off|back|beyond|ahead|behind|removed)\b)",
    r"as far as you know|as of (?:now|today)",
    r"today|(?:has|have|hasn't|haven't)\b[^.?!]{0,60}\byet(?! again\b)",
    r"наразі|зараз|нині|тепер|досі|дотепер|поки що|на сьогодні|сьогодні|станом на (?:сьогодні|зараз|сьогоднішній день)",
    r"на (?:цей|даний|поточний) момент|(?:все|усе) ще|останнім часом",
    r"поточн\w+|актуальн\w+|теперішн\w+|нинішн\w+(?! (?:тиж|місяц|р[іо]))",
    r"сейчас|теперь|ныне|нынче|до сих пор|вс[её] ещ[её]|по-прежнему|пока что|на сегодня(?:шний день)?|сегодня",
    r"на (?:данный|текущий|этот) момент|в настоящее время|(?:в|за) последнее время",
    r"текущ\w+|нынешн\w+(?! (?:недел|месяц|год))|по состоянию на сегодня",
)

# "latest", "last": the newest of a kind, unless the question itself says of when ("the last round of 2025").
_NEWEST = _any(
    r"latest|newest|most recent(?:ly)?|freshest",
    r"найновіш\w+|найсвіжіш\w+|новітн\w+|найостанніш\w+|самы[йе] (?:свежи|новы|последни)[йе]|сам(?:ая|ое|ую) "
    r"(?:свеж|нов|последн)\w+|новейш\w+|свежайш\w+",
    r"(?<!at )(?:the|its|his|her|their|our|'s|’s)\s+last(?!\s+(?:two|three|four|five|\d+|of|minute|name|names|resort|"
    r"straw|word|night|week|month|year|decade|century|day|days|weeks|months|years|one of|"
    r"page|line|paragraph|point|item)\b)",
    r"when\b[^.?!,;]{0,60}\blast(?=\s+\w)(?!\s+(?:night|week|month|year|summer|autumn|winter|spring|time)\b)",
    r"останн(?:ій|я|є|і|ього|ьої|іх|ім|ьому|ю|ими)(?!\s+(?:дв|три|чотир|\d|день|дні|днів|тиж|місяц|р[іо]к|рок|"
    r"мит|черг|хвилин|крапл|сторін)\w*)(?!\s+з\b)",
    r"последн(?:ий|яя|ее|ие|его|ей|их|им|ем|юю|ими)(?!\s+(?:дв|три|четыр|\d|день|дни|дней|недел|месяц|год|лет|"
    r"момент|очеред|минут|капл|страниц|врем)\w*)(?!\s+из\b)",
)
_OF_WHEN = re.compile(r"\s+(?:\S+\s+){0,3}?(?:(?:of|in|from|for|у|в|за|от|від)\s+)?(?:the\s+)?$", re.IGNORECASE)
_CLAUSE = re.compile(r"[.?!,;:]|\b(?:that|which|who|what|on|що|які|что|которы\w+)\b", re.IGNORECASE)

# "still" speaks of now in the present tense only, and never in "stand still".
_STILL = re.compile(r"(?<![\w-])still(?![\w-])", re.IGNORECASE)
_STILL_ADJECTIVE = re.compile(
    r"\b(?:stand(?:s|ing)?|stood|s[ia]t(?:s|ting)?|hold(?:s|ing)?|held|keep(?:s|ing)?|kept|a)\s+$", re.IGNORECASE
)
_STILL_NOUN = re.compile(r"\s+(?:image|images|photo\w*|picture|pictures|life|water|waters|camera)\b", re.IGNORECASE)
_AUXILIARY = re.compile(
    r"\b(?:(?P<present>is|are|am|does|do|has|have|can|will|isn['’]t|aren['’]t|doesn['’]t|don['’]t|hasn['’]t|haven['’]t)"
    r"|was|were|did|had|would|could|wasn['’]t|weren['’]t|didn['’]t|hadn['’]t)\b",
    re.IGNORECASE,
)
_STILL_VERB = re.compile(r"\s+(\w+)")


def wants_latest(text: str, reference: dt.date | None = None) -> bool:
    """Whether `text` asks for the newest state: "now", "still", "so far", "the latest", in three languages.

    "The last round of 2025" does not, where 2025 is over on `reference` (today if not given).
    """
    reference = reference or dt.date.today()
    past = [period for period in find_periods(text, reference) if _is_over(period, reference)]
    if _NOW.search(text):
        return True
    if any(not _is_dated(text, cue, past) for cue in _NEWEST.finditer(text)):
        return True
    return any(_is_present_still(text, cue) for cue in _STILL.finditer(text))


def _is_over(period: Period, reference: dt.date) -> bool:
    return period.relation in ("during", "before") and period.end is not None and period.end < reference


def _is_dated(text: str, cue: re.Match[str], past: list[Period]) -> bool:
    """Whether a past period belongs to the noun of the cue: "the latest round of 2025", "the 2025 round"."""
    for period in past:
        between = text[cue.end() : period.span_start]
        if period.span_start >= cue.end() and _OF_WHEN.fullmatch(between) and not _CLAUSE.search(between):
            return True
    return False


def _is_present_still(text: str, cue: re.Match[str]) -> bool:
    if _STILL_ADJECTIVE.search(text, 0, cue.start()) or _STILL_NOUN.match(text, cue.end()):
        return False
    auxiliaries = list(_AUXILIARY.finditer(text, 0, cue.start()))
    if auxiliaries:
        return auxiliaries[-1]["present"] is not None
    if following := _AUXILIARY.match(text, cue.end() + 1):
        return following["present"] is not None
    verb = _STILL_VERB.match(text, cue.end())
    return bool(verb and not verb[1].endswith(("ed", "ing", "ent", "ook", "elt", "ood")))

"""The words of time in English, Ukrainian and Russian, inflected: pattern fragments and what each word means.

Data only. `rag/time/expressions.py` composes the fragments; all are matched without regard to case, and every group in
them is non-capturing. Words that are also something else (`May`, `march`, `лютий`, `fall`) stand in `AMBIGUOUS_MONTHS`
or carry their own guard.
"""

import re

_UK_RU_ADJECTIVE = r"(?:ий|ій|ый|ая|ое|ое|ие|ые|ого|ой|ую|их|ых|ом|им|ым|ими|ыми|ому|ому|а|е|і|ої|у|єю|ею|ою|єї)"

# One pattern a month: English, then Ukrainian, then Russian in all cases.
MONTH_PATTERNS: tuple[str, ...] = (
    r"january|січ(?:ень|н[яіюе]м?)|январ[ьяюе]м?|январ[её]м",
    r"february|лют(?:ий|ого|ому|им)|феврал[ьяюе]м?|феврал[её]м",
    r"march|берез(?:ень|н[яіюе]м?)|март(?:а|у|ом|е)?",
    r"april|квіт(?:ень|н[яіюе]м?)|апрел[ьяюе]м?|апрел[её]м",
    r"may|трав(?:ень|н[яіюе]м?)|ма(?:й|я|е|ю|ем)",
    r"june|черв(?:ень|н[яіюе]м?)|июн[ьяюе]м?",
    r"july|лип(?:ень|н[яіюе]м?)|июл[ьяюе]м?",
    r"august|серп(?:ень|н[яіюе]м?)|август(?:а|у|ом|е)?",
    r"september|верес(?:ень|н[яіюе]м?)|сентябр[ьяюе]м?|сентябр[её]м",
    r"october|жовт(?:ень|н[яіюе]м?)|октябр[ьяюе]м?|октябр[её]м",
    r"november|листопад(?:а|у|і|ом)?|ноябр[ьяюе]м?|ноябр[её]м",
    r"december|груд(?:ень|н[яіюе]м?)|декабр[ьяюе]м?|декабр[её]м",
)
_MONTH_ADJECTIVE_STEMS: tuple[str, ...] = (
    "січнев|январск",
    "лютнев|февральск",
    "березнев|мартовск",
    "квітнев|апрельск",
    "травнев|майск",
    "червнев|июньск",
    "липнев|июльск",
    "серпнев|августовск",
    "вереснев|сентябрьск",
    "жовтнев|октябрьск",
    "листопадов|ноябрьск",
    "груднев|декабрьск",
)
MONTH = "(?:" + "|".join(MONTH_PATTERNS) + ")"
MONTH_ADJECTIVE = "(?:" + "|".join(_MONTH_ADJECTIVE_STEMS) + ")" + _UK_RU_ADJECTIVE
# Short forms are read only beside a day or a year: "mar" and "sept" are too much else.
MONTH_SHORT = r"(?:(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
AMBIGUOUS_MONTHS = re.compile(r"may|march|лют(?:ий|ого|ому|им)|ма(?:й|я|е|ю|ем)|март(?:а|у|ом|е)?|листопад\w*", re.I)
HALF_AMBIGUOUS_MONTHS = re.compile(r"april|june|august", re.I)  # also given names: read bare only when no name is near

_MONTH_MATCHERS = [
    re.compile(rf"(?:{full})$|(?:{stems}){_UK_RU_ADJECTIVE}$", re.I)
    for full, stems in zip(MONTH_PATTERNS, _MONTH_ADJECTIVE_STEMS, strict=True)
]
_SHORT_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def month_number(word: str) -> int:
    """1 to 12 for a word that one of the month fragments matched."""
    for number, matcher in enumerate(_MONTH_MATCHERS, start=1):
        if matcher.match(word):
            return number
    return _SHORT_MONTHS.index(word.casefold()[:3]) + 1


# Days of the month in words, genitive and locative, as Ukrainian and Russian write them before a month.
_UNIT_ORDINALS: tuple[str, ...] = (
    r"first|перш(?:ого|е|ому)|перв(?:ого|ое|ому)",
    r"second|друг(?:ого|е|ому)|втор(?:ого|ое|ому)",
    r"third|трет(?:ього|є|ьому)|трет(?:ьего|ье|ьему)",
    r"fourth|четверт(?:ого|е|ому)|четв[её]рт(?:ого|ое|ому)",
    r"fifth|п['’ʼ]ят(?:ого|е|ому)|пят(?:ого|ое|ому)",
    r"sixth|шост(?:ого|е|ому)|шест(?:ого|ое|ому)",
    r"seventh|сьом(?:ого|е|ому)|седьм(?:ого|ое|ому)",
    r"eighth|восьм(?:ого|е|ому)|восьм(?:ого|ое|ому)",
    r"ninth|дев['’ʼ]ят(?:ого|е|ому)|девят(?:ого|ое|ому)",
    r"tenth|десят(?:ого|е|ому|ое)",
    r"eleventh|одинадцят(?:ого|е|ому)|одиннадцат(?:ого|ое|ому)",
    r"twelfth|дванадцят(?:ого|е|ому)|двенадцат(?:ого|ое|ому)",
    r"thirteenth|тринадцят(?:ого|е|ому)|тринадцат(?:ого|ое|ому)",
    r"fourteenth|чотирнадцят(?:ого|е|ому)|четырнадцат(?:ого|ое|ому)",
    r"fifteenth|п['’ʼ]ятнадцят(?:ого|е|ому)|пятнадцат(?:ого|ое|ому)",
    r"sixteenth|шістнадцят(?:ого|е|ому)|шестнадцат(?:ого|ое|ому)",
    r"seventeenth|сімнадцят(?:ого|е|ому)|семнадцат(?:ого|ое|ому)",
    r"eighteenth|вісімнадцят(?:ого|е|ому)|восемнадцат(?:ого|ое|ому)",
    r"nineteenth|дев['’ʼ]ятнадцят(?:ого|е|ому)|девятнадцат(?:ого|ое|ому)",
    r"twentieth|двадцят(?:ого|е|ому)|двадцат(?:ого|ое|ому)",
)
_THIRTIETH = r"thirtieth|тридцят(?:ого|е|ому)|тридцат(?:ого|ое|ому)"
_TWENTY = r"(?:twenty|двадцять|двадцать)[ -]"
_THIRTY = r"(?:thirty|тридцять|тридцать)[ -]"
_ONES = "|".join(_UNIT_ORDINALS[:9])
ORDINAL_DAY = (
    rf"(?:{_TWENTY}(?:{_ONES})|{_THIRTY}(?:{_UNIT_ORDINALS[0]})|{_THIRTIETH}|{'|'.join(reversed(_UNIT_ORDINALS))})"
)


def ordinal_day(words: str) -> int:
    """1 to 31 for the words of a day that `ORDINAL_DAY` matched."""
    for tens, prefix in ((20, _TWENTY), (30, _THIRTY)):
        if match := re.match(prefix, words, re.I):
            return tens + ordinal_day(words[match.end() :])
    if re.fullmatch(_THIRTIETH, words, re.I):
        return 30
    return next(n for n, pattern in enumerate(_UNIT_ORDINALS, 1) if re.fullmatch(pattern, words, re.I))


# Small numbers as they are counted: "two weeks ago", "три дні тому".
_COUNTS: tuple[tuple[str, int], ...] = (
    (r"an?|one|один|одну|одна|одного", 1),
    (r"two|a couple of|дв[аіое]|дві|двух|двох|две|пару", 2),
    (r"three|три|тр[её]х|трьох", 3),
    (r"four|четыре|чотири", 4),
    (r"five|пять|п['’ʼ]ять", 5),
    (r"six|шесть|шість", 6),
    (r"seven|семь|сім", 7),
    (r"eight|восемь|вісім", 8),
    (r"nine|девять|дев['’ʼ]ять", 9),
    (r"ten|десять", 10),
    (r"eleven|одиннадцать|одинадцять", 11),
    (r"twelve|двенадцать|дванадцять", 12),
)
COUNT = r"(?:\d{1,3}|" + "|".join(pattern for pattern, _ in _COUNTS) + ")"


def count_value(word: str | None) -> int:
    """The number of a word that `COUNT` matched; 1 when the text has none ("неделю назад")."""
    if not word:
        return 1
    if word.isdigit():
        return int(word)
    return next(value for pattern, value in _COUNTS if re.fullmatch(pattern, word, re.I))


UNIT_PATTERNS: dict[str, str] = {
    "day": r"days?|дн(?:ів|ями?|ях|і|я|ей)|день|сут(?:ки|ок)",
    "week": r"weeks?|тиж(?:день|ня|ні|нів|невий)|недел[яиюею]|недель|неделей",
    "month": r"months?|місяц(?:ь|я|і|ів|ю)|месяц(?:а|ев|е|у)?",
    "year": r"years?|р(?:ік|оку|оки|оків|оці)|год(?:а|у)?|лет",
}
UNIT = "(?:" + "|".join(UNIT_PATTERNS.values()) + ")"


def unit_name(word: str) -> str:
    """`day`, `week`, `month` or `year` for a word that `UNIT` matched."""
    return next(name for name, pattern in UNIT_PATTERNS.items() if re.fullmatch(pattern, word, re.I))


# Seasons by the month that they begin with; nouns and adverbial forms ("навесні", "осенью").
SEASON_PATTERNS: dict[int, str] = {
    3: r"spring|весн[аиіуоюе]й?|весною|навесні|весной",
    6: r"summer|літ(?:о|а|і|ом|ку)|влітку|лет(?:о|а|ом)",
    9: r"autumn|fall|ос(?:ін|ені|інь|інню)|восени|осен(?:ь|и|ью)",
    12: r"winter|зим(?:а|и|і|у|ою|ы|ой|е)|взимку",
}
SEASON = "(?:" + "|".join(SEASON_PATTERNS.values()) + ")"


def season_month(word: str) -> int:
    """The first month of the season that `SEASON` matched."""
    return next(month for month, pattern in SEASON_PATTERNS.items() if re.fullmatch(pattern, word, re.I))


WEEKDAY_PATTERNS: tuple[str, ...] = (
    r"monday|понеділ(?:ок|ка|ку)|понедельник(?:а|у)?",
    r"tuesday|вівтор(?:ок|ка|ку)|вторник(?:а|у)?",
    r"wednesday|серед[уи]|сред[уы]",
    r"thursday|четвер(?:га|гу)?|четверг(?:а|у)?",
    r"friday|п['’ʼ]ятниц[юі]|пятниц[уы]",
    r"saturday|субот[уи]|суббот[уы]",
    r"sunday|неділ[юі]|воскресень[ея]",
)
WEEKDAY = "(?:" + "|".join(WEEKDAY_PATTERNS) + ")"


def weekday_number(word: str) -> int:
    """0 (Monday) to 6 for a word that `WEEKDAY` matched."""
    return next(n for n, pattern in enumerate(WEEKDAY_PATTERNS) if re.fullmatch(pattern, word, re.I))


# Which one: how many units from the current one.
SHIFT_PATTERNS: dict[int, str] = {
    -2: r"позапрошл\w+|позаминул\w+",
    -1: r"last|past|previous|минул(?:ого|ому|ої|ий|ій|у|а)|попередн\w+|прошл(?:ого|ой|ом|ую|ый|ая)|"
    r"прошедш(?:ей|ем|его|ую)|минувш(?:ей|ем|его|ую)|предыдущ(?:ей|ем|его)",
    0: r"this|current|ц(?:ього|ьому|ієї|ей|ій|ю)|поточн(?:ого|ому|ої|ій|ий)|нинішн(?:ього|ьому|ій)|"
    r"эт(?:ого|ой|ом|у|от)|текущ(?:его|ей|ем|ую)|нынешн(?:его|ей|ем|ую)",
    1: r"next|coming|наступн(?:ого|ому|ої|ій|ий|у)|следующ(?:его|ей|ем|ую|ий)|будущ(?:его|ей|ем|ую)",
}
SHIFT = "(?:" + "|".join(SHIFT_PATTERNS.values()) + ")"


def shift_value(word: str) -> int:
    """-2 to 1 for a word that `SHIFT` matched: -1 is the last one, 0 the current one."""
    return next(value for value, pattern in SHIFT_PATTERNS.items() if re.fullmatch(pattern, word, re.I))


# Single words that name a day or a year from where the reader stands: (unit, shift).
DEICTIC_PATTERNS: tuple[tuple[str, str, int], ...] = (
    (r"the day before yesterday|day before yesterday|позавчора|позавчера", "day", -2),
    (r"yesterday|last night|вчора|учора|вчера", "day", -1),
    (r"today|tonight|this morning|this evening|сьогодні|сегодня", "day", 0),
    (r"tomorrow|завтра", "day", 1),
    (r"позаторік", "year", -2),
    (r"торік|торішн\w+", "year", -1),
    (r"цьогоріч", "year", 0),
)
DEICTIC = "(?:" + "|".join(pattern for pattern, _, _ in DEICTIC_PATTERNS) + ")"


def deictic_value(word: str) -> tuple[str, int]:
    """(unit, shift) for a word that `DEICTIC` matched."""
    return next((unit, shift) for pattern, unit, shift in DEICTIC_PATTERNS if re.fullmatch(pattern, word, re.I))


# Feasts as (first month, first day, last month, last day); Russian usage leaves open which Christmas is meant, so both
# count. `easter` and `thanksgiving` are computed.
HOLIDAY_PATTERNS: tuple[tuple[str, tuple[int, int, int, int] | str], ...] = (
    (r"christmas eve|святвеч(?:ір|ора|орі)|свят(?:ий|ого) веч(?:ір|ора)", (12, 24, 12, 24)),
    (r"(?:рождественск\w+ )?сочельник\w*", (12, 24, 1, 6)),
    (r"boxing day", (12, 26, 12, 26)),
    (r"католическ\w+ рождеств\w+|католическ\w+ рождественск\w+", (12, 25, 12, 25)),
    (r"christmas(?: day)?|різдв(?:о|а|і|ом|у)", (12, 25, 12, 25)),
    (r"рождеств(?:о|а|е|ом|у)", (12, 25, 1, 7)),
    (r"new year['’]?s eve", (12, 31, 12, 31)),
    (
        r"new year(?:['’]?s)?(?: day)?|нов(?:ий|ого|им|ому) р(?:ік|оку|оком|оці)|нов(?:ый|ого|ым|ому) год(?:а|ом|у)?",
        (1, 1, 1, 1),
    ),
    (r"valentine['’]?s day", (2, 14, 2, 14)),
    (r"victory day|д(?:ень|ня|ні|нем) перемоги|д(?:ень|ня|не|нём|нем) победы", (5, 9, 5, 9)),
    (r"thanksgiving(?: day)?|д(?:ень|ня|нем) подяки|д(?:ень|ня|не|нём|нем) благодарения", "thanksgiving"),
    (r"(?:orthodox )?easter(?: sunday)?|велик(?:день|одня|одні|днем)|пасх[аиуоеы]й?", "easter"),
)
HOLIDAY = "(?:" + "|".join(pattern for pattern, _ in HOLIDAY_PATTERNS) + ")"


def holiday_rule(words: str) -> tuple[int, int, int, int] | str:
    """The rule of the feast that `HOLIDAY` matched."""
    return next(rule for pattern, rule in HOLIDAY_PATTERNS if re.fullmatch(pattern, words, re.I))


# Which part of a period: thirds ("late January"), halves, weeks and edges ("the end of 2025", less than "late 2025").
PART_PATTERNS: dict[str, str] = {
    "end": r"(?:the )?(?:very )?(?:end|close|final days|last days) of|наприкінці|(?:у |в |під )?кін(?:ець|ця|ці)|"
    r"(?:в |к |под )?кон(?:ец|ца|це|цу)",
    "start": r"(?:the )?(?:very )?(?:beginning|start|first days) of|"
    r"(?:на |з )?почат(?:ок|ку)|(?:в |к |с )?начал(?:о|а|е|у)",
    "late": r"late",
    "early": r"early",
    "mid": r"mid|(?:the )?middle of|(?:в |у |к |до )?середин(?:а|і|и|у|е|ы)|посеред(?:ині)?",
    "first-half": r"(?:the )?first half of|(?:у |в )?перш\w+ половин\w+|(?:в )?перв\w+ половин\w+|"
    r"(?:у |в )?перш\w+ півріччі\w*|(?:в )?перв\w+ полугоди\w+",
    "second-half": r"(?:the )?second half of|(?:у |в )?друг\w+ половин\w+|(?:в |во )?втор\w+ половин\w+|"
    r"(?:у |в )?друг\w+ півріччі\w*|(?:в |во )?втор\w+ полугоди\w+",
    "first-week": r"(?:the )?first week of|перш\w+ тижн\w+|(?:в )?перв\w+ недел\w+",
    "last-week": r"(?:the )?(?:last|final) week of|останн\w+ тиж\w+|(?:в )?последн\w+ недел\w+",
}
PART = "(?:" + "|".join(PART_PATTERNS.values()) + ")"


def part_name(words: str) -> str:
    """The key of `PART_PATTERNS` for what `PART` matched."""
    return next(name for name, pattern in PART_PATTERNS.items() if re.fullmatch(pattern, words, re.I))


# Quarters of a year.
QUARTER_PATTERNS: tuple[str, ...] = (
    r"q1|first quarter|1st quarter|перш\w+ квартал\w*|перв\w+ квартал\w*|(?:1|i)(?:-\w+)? квартал\w*",
    r"q2|second quarter|2nd quarter|друг\w+ квартал\w*|втор\w+ квартал\w*|(?:2|ii)(?:-\w+)? квартал\w*",
    r"q3|third quarter|3rd quarter|трет\w+ квартал\w*|(?:3|iii)(?:-\w+)? квартал\w*",
    r"q4|fourth quarter|4th quarter|четв[её]рт\w+ квартал\w*|(?:4|iv)(?:-\w+)? квартал\w*",
)
QUARTER = "(?:" + "|".join(QUARTER_PATTERNS) + ")"


def quarter_number(words: str) -> int:
    """1 to 4 for what `QUARTER` matched."""
    return next(n for n, pattern in enumerate(QUARTER_PATTERNS, 1) if re.fullmatch(pattern, words, re.I))


# Relations: the words before a period that turn it into an open window.
RELATION_PATTERNS: dict[str, str] = {
    "as_of": r"as of|as at|as on|станом на|(?:по )?состоянию на",
    "by": r"(?:up )?until|up to|till?|by|no later than|through|не пізніше(?: ніж)?|не позднее|до|к|ко|аж до|вплоть до",
    "before": r"before|prior to|ahead of|earlier than|перед|раніше(?: ніж)?|раньше|напередодні|накануне",
    "after": r"after|(?<!the )following|later than|після|пізніше(?: ніж)?|после|позже|позднее",
    "since": r"(?:ever )?since|starting (?:from|in|on)|from|починаючи (?:з|із|від)|начиная с|відколи|зі?|із|со?|від|от",
}
RELATION = "(?:" + "|".join(RELATION_PATTERNS.values()) + ")"


def relation_name(words: str) -> str:
    """The key of `RELATION_PATTERNS` for what `RELATION` matched."""
    return next(name for name, pattern in RELATION_PATTERNS.items() if re.fullmatch(pattern, words, re.I))


# Asks for the state of knowledge on the day that the question names.
WAS_KNOWN = re.compile(
    r"\b(?:was|were|had been) (?:already |publicly |then )?known\b(?! (?:as|for)\b)"
    r"|\bdid (?:we|anyone|anybody|people|one) (?:already )?know\b"
    r"|\bбуло (?:вже |уже |тоді )?відомо\b|\bбыло (?:уже |тогда )?известно\b",
    re.IGNORECASE,
)

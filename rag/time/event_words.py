"""The words with which events are spoken of in English, Ukrainian and Russian: kinds, ordinals, relations.

Data only, matched against folded words (`index.text.words.fold`: small letters, no apostrophes).
"""

import re

_ENDING = r"(?:ий|а|е|ого|ої|ому|ій|им|у|ый|ая|ое|ой|ом|ую|ие|ые|их|ых|ими|ыми|і)"

# Kinds of gathering: people use one for another, so these only narrow a choice when they can.
GATHERINGS: dict[str, re.Pattern[str]] = {
    "round": re.compile(r"rounds?|раунд\w{0,3}"),
    "summit": re.compile(r"summits?|саміт\w{0,3}|саммит\w{0,3}"),
    "meeting": re.compile(r"meetings?|meets?|met|зустріч\w{0,3}|зустріл\w+|встреч\w{0,3}|встрет\w+"),
    "talks": re.compile(r"talks|negotiations?|переговор\w{0,3}|перемовин\w{0,3}"),
    "session": re.compile(r"sessions?|сесі\w{1,3}|сесси\w{1,3}|засідан\w+|заседан\w+"),
    "conference": re.compile(r"conferences?|конференц\w+"),
    "visit": re.compile(r"visits?|trips?|візит\w{0,3}|визит\w{0,3}|поїздк\w{1,3}|поездк\w{1,3}"),
    "gathering": re.compile(r"gatherings?|forums?|форум\w{0,3}|congress|конгрес\w{0,4}"),
}
# Of these, the ones that are said with care: a question for "the round" does not mean a visit.
SPECIFIC_GATHERINGS = frozenset({"round", "summit", "session", "conference", "visit"})
# More than one: then any gathering may be among them.
PLURAL = re.compile(
    r"rounds|summits|sessions|conferences|visits|trips|раунд(?:и|ів|ах|ами|ы|ов)|саміт(?:и|ів|ах)|саммит(?:ы|ов|ах)"
)
# Other kinds: a truce is no summit, so these must hold.
OCCURRENCES: dict[str, re.Pattern[str]] = {
    "call": re.compile(r"calls?|дзвін(?:ок|к\w+)|дзвон\w+|звон(?:ок|к\w+)|розмов\w{1,3}|разговор\w{0,3}"),
    "truce": re.compile(r"truces?|ceasefires?|armistices?|перемир\w+"),
    "exchange": re.compile(r"exchanges?|swaps?|обмін\w{0,3}|обмен\w{0,3}"),
    "agreement": re.compile(
        r"agreements?|deals?|accords?|treaty|treaties|pacts?|угод\w{1,3}|догов[оі]р\w{0,3}|соглашен\w+|сделк\w{1,3}"
    ),
    "declaration": re.compile(r"declarations?|деклараці\w+|декларац\w+"),
    "letter": re.compile(r"letters?|лист(?:а|у|ом|і|и|ів)?|письм\w{1,3}"),
    "plan": re.compile(r"plans?|план(?:у|а|ом|і|е|и|ы)?"),
    "vote": re.compile(r"votes?|elections?|referend\w+|вибор(?:и|ів|ах)|выбор(?:ы|ов|ах)|голосуван\w+|голосован\w+"),
    "attack": re.compile(r"attacks?|strikes?|атак\w{1,3}|удар\w{0,3}"),
    "argument": re.compile(r"arguments?|row|clash(?:es)?|quarrel|сварк\w{1,3}|ссор\w{1,3}|перепалк\w{1,3}"),
    "trial": re.compile(r"trials?|hearings?|verdicts?|вирок\w{0,3}|приговор\w{0,3}|слухан\w+|слушан\w+"),
    "merger": re.compile(r"mergers?|злитт\w+|слияни\w+"),
    "crash": re.compile(r"crash(?:es)?|аварі\w+|авари\w+|катастроф\w+"),
    "earthquake": re.compile(r"earthquakes?|quakes?|землетрус\w{0,3}|землетрясени\w+"),
}
# Qualities that titles and questions share across languages.
QUALITIES: dict[str, re.Pattern[str]] = {
    "trilateral": re.compile(r"trilateral|тристоронн\w+|тр[её]хсторонн\w+"),
    "bilateral": re.compile(r"bilateral|двосторонн\w+|двусторонн\w+"),
    "direct": re.compile(rf"direct|прям{_ENDING}"),
    "separate": re.compile(r"separate|окрем\w{1,3}|отдельн\w{1,3}"),
    "open": re.compile(rf"open|відкрит{_ENDING}|открыт{_ENDING}"),
    "annual": re.compile(r"annual|щорічн\w+|ежегодн\w+"),
    "emergency": re.compile(r"emergency|extraordinary|надзвичайн\w+|позачергов\w+|чрезвычайн\w+|внеочередн\w+"),
}
ORDINALS: tuple[re.Pattern[str], ...] = (
    re.compile(rf"first|1st|перш{_ENDING}|перв{_ENDING}"),
    re.compile(rf"second|2nd|втор{_ENDING}|друг(?:ий|а|е|ій|у|ої)"),
    re.compile(r"third|3rd|трет(?:ій|я|є|ю|ім|ий|ь[еєоюя]\w{0,2}|ьим)"),
    re.compile(rf"fourth|4th|четверт{_ENDING}"),
    re.compile(rf"fifth|5th|пят{_ENDING}"),
    re.compile(rf"sixth|6th|шост{_ENDING}|шест{_ENDING}"),
    re.compile(rf"seventh|7th|сьом{_ENDING}|седьм{_ENDING}"),
    re.compile(rf"eighth|8th|восьм{_ENDING}"),
    re.compile(rf"ninth|9th|девят{_ENDING}"),
    re.compile(rf"tenth|10th|десят{_ENDING}"),
)
# "Another" in Russian, "second" in Ukrainian: an ordinal only where the text is Ukrainian.
SECOND_IN_UKRAINIAN = re.compile(r"друг(?:ого|ому|им)")
UKRAINIAN_LETTERS = re.compile("[іїєґ]", re.IGNORECASE)
LAST = re.compile(
    r"last|latest|final|newest|останн(?:ій|я|є|ього|ьої|ьому|ю|ім)|последн(?:ий|яя|ее|его|ей|ем|ему|юю|им)|крайн\w{2,3}"
)
NEXT = re.compile(r"next|following|subsequent|наступн\w{1,3}|следующ\w{2,3}")
PREVIOUS = re.compile(r"previous|preceding|попередн\w{1,4}|предыдущ\w{2,3}")

BEFORE = re.compile(r"before|until|till|перед|до|напередодні|накануне")
AFTER = re.compile(r"after|since|після|после")
ARTICLE = re.compile(r"the|an?")
FOLLOWING = re.compile(r"following")  # "following the talks" is after them, "the following talks" are the next
BETWEEN = re.compile(r"between|між|между")
AND = re.compile(r"and|і|й|та|и")
BACK = re.compile(r"that|it|this|those|цього|того|этого|цим|этим|тим|тем|неї|неё|нее|нього|него")
PRONOUN = re.compile(r"one")
LOCATIVE = re.compile(r"in|at|у|в|во|на")
# Verbs of motion: after them Ukrainian "до" is "to".
TRAVEL = re.compile(r"(?:при|по|за|від|ви|пере|в)?(?:їха|їзд|їжд|їде|був|була|літ|лет|руш|прав)|візит|поїзд")
# May stand inside a phrase without naming anything.
FILLER = re.compile(r"the|an?|of|in|at|with|у|в|во|на|з|із|зі|с|со")
# Words that end a phrase and that no title is known by.
FUNCTION = re.compile(
    r"to|by|from|for|on|about|into|over|between|as|than|then|but|or|if|that|this|these|those|there|here|who|what|when|where|why|how|which|whom|whose"
    r"|he|she|it|they|we|you|i|his|her|its|their|our|your|is|are|was|were|be|been|has|have|had|do|does|did|will|would"
    r"|can|could|may|might|shall|should|not|no|say|says|said|come|came|go|went|take|took"
    r"|що|хто|коли|де|чому|як|який|яка|яке|які|чи|він|вона|воно|вони|ми|ви|я|це|цей|ця|ці|той|та|ті|був|була|було|були|є"
    r"|не|ні|за|від|по|про|між|для|або|але|сказав|сказала|сказали"
    r"|что|кто|когда|где|почему|как|какой|какая|какое|какие|ли|он|она|оно|они|мы|вы|это|этот|эта|эти|тот|те|был|была"
    r"|было|были|от|о|об|за|между|для|или|но|сказал|сказала|сказали"
)
# After an ordinal, these say that it counts something else: "the first day of the talks".
COUNTED = re.compile(
    r"days?|hours?|weeks?|months?|years?|time|times|part|half|phase|stage|place|point|ден[ьі]|дн\w{1,2}|годин\w*|раз\w{0,2}|час\w{0,3}"
)
# What a gathering is on: a subject may follow, a place may not ("the pact for Kyiv" was made elsewhere).
ABOUT = re.compile(r"on|about|over|for|щодо|про|о|об|по")
# Turns a person into part of a phrase: "talks with Witkoff", "the call of Trump and Putin".
JOINS_PERSON = re.compile(r"with|of|and|between|з|із|зі|с|со|і|й|та|и|між|между")


def kind_of(word: str) -> str | None:
    """The kind of event that a folded word names."""
    for kinds in (GATHERINGS, OCCURRENCES):
        for kind, matcher in kinds.items():
            if matcher.fullmatch(word):
                return kind
    return None


def quality_of(word: str) -> str | None:
    """The language-free name of a folded adjective that many titles use."""
    return next((quality for quality, matcher in QUALITIES.items() if matcher.fullmatch(word)), None)


def ordinal_of(word: str, ukrainian: bool) -> int | None:
    """1 to 10 for a folded ordinal word; `ukrainian` is whether the text around it is."""
    if ukrainian and SECOND_IN_UKRAINIAN.fullmatch(word):
        return 2
    return next((n for n, matcher in enumerate(ORDINALS, 1) if matcher.fullmatch(word)), None)

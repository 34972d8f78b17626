"""The words by which a question leans on the one before it, in English, Ukrainian and Russian. Patterns only."""

import re


def _words(*alternatives: str) -> str:
    return "|".join(alternatives)


# Opens a question that goes on from the last one.
CONNECTIVE = re.compile(
    r"^\W*("
    + _words(
        r"and|but|so|or|also|then|what about|how about|what of|what else|who else|where else|any other|anyone else|"
        r"anything else|why\b[^\w]*$|why not\b|how so\b|same for|likewise",
        r"а|і|й|та|але|або|тоді|ну а|а що|а як|що щодо|що стосовно|як щодо|хто ще|що ще|де ще|чому ж",
        r"и|но|или|тогда|а что|а как|что насч[её]т|как насч[её]т|что касается|кто ещ[её]|что ещ[её]|где ещ[её]",
    )
    + r")\b",
    re.IGNORECASE,
)

_PERSONAL = _words(
    r"he|him|his|she|hers?|it|its|they|them|their|theirs",
    r"він|його|йому|ним|нього|ньому|вона|її|їй|нею|неї|ній|вони|їх|їм|ними|них|їхн\w+",
    r"он|его|ему|ним|него|нём|нем|она|ее|её|ей|ею|ней|неё|нее|они|их|им|ими|ними|них",
)
_TIME = (
    r"(?:day|night|evening|morning|afternoon|weekend|week|month|year|summer|autumn|fall|winter|spring|round|meeting|"
    r"talk|talks|call|deal|offer|plan|time|number|figure|one|place|case|visit|vote|letter|statement|speech|summit|"
    r"session|document|paper|text|truce|ceasefire|exchange|decision|agreement|proposal|demand|remark|claim)s?"
)
_DEMONSTRATIVE = _words(
    r"this|these|those|there|then|afterwards?|thereafter|meanwhile|by then|at the time|"
    rf"that (?:same |very )?{_TIME}|one after (?:that|it)",
    r"це|цей|ця|ці|цього|цьому|цим|цю|цієї|цій|той|тієї|того|тому|там|туди|тоді|потім|згодом|відтоді",
    r"это|этот|эта|эти|этого|этому|этим|эту|этой|этом|тот|той|того|там|туда|тогда|потом|затем|с тех пор",
)
_ONE_OF = _words(
    r"the (?:latter|former|rest|others?)",
    r"the (?:two|three|shorter|longer|first|second|other|latter|former)(?: one| of (?:the )?(?:two|them|these|those))",
    rf"the (?:same|other|next|previous|following) {_TIME}",
    r"the (?:last|first|other) (?:two|three|four|five|few)",
    r"решт[аиуі]|остальн\w+",
)
# Opens a whole question as well as a fragment: "So who won?", "А як варити борщ?"
LOOSE_CONNECTIVE = re.compile(
    r"^\W*(?:(?:and|but|so|or|also|then|а|і|й|та|але|або|тоді|и|но|или|тогда|ну)\b[\s,]*)+(?=\S)", re.IGNORECASE
)
# Points at something that was said before.
POINTS_BACK = re.compile(rf"\b({_PERSONAL}|{_DEMONSTRATIVE}|{_ONE_OF})\b", re.IGNORECASE)
# One of a series that the question does not name: "How long was the second round?", "Хто був на першій зустрічі?"
ONE_OF_A_SERIES = re.compile(
    rf"\b(the (?:first|second|third|fourth|last) {_TIME}"
    r"|(?:перш|друг|трет|останн|наступн|попередн|інш)\w+ (?:раунд|зустріч|сесі|д[ен]н?)\w*"
    r"|(?:перв|втор|трет|последн|следующ|предыдущ|друг)\w+ (?:раунд|встреч|сесси|д[ен]н?)\w*)\b",
    re.IGNORECASE,
)
# "Is there a deadline?" points nowhere.
EXISTENTIAL = re.compile(
    r"\bthere('s| is| are| was| were| has| have| will)\b|\b(is|are|was|were) there\b", re.IGNORECASE
)
# Points at the day of asking: "What was agreed this week?"
OF_TODAY = re.compile(
    r"\bthis (?:very )?(?:morning|afternoon|evening|weekend|week|month|year|summer|autumn|fall|winter|spring)\b"
    r"|\b(?:цього|цієї|цій) (?:ранку|вечора|тижня|місяця|року|літа|осені|зими|весни|неділі)\b|\bна цьому тижні\b"
    r"|\bцим (?:літом)\b|\bцією (?:весною|зимою|осінню)\b|\bу цьому (?:місяці|році)\b"
    r"|\b(?:этим|этой) (?:утром|вечером|летом|весной|зимой|осенью)\b|\b(?:на этой неделе|в этом (?:месяце|году))\b",
    re.IGNORECASE,
)
# "How long does it take to boil an egg?", "Is it true that", "Is it raining?" point nowhere.
EXPLETIVE = re.compile(
    r"\b(?:does|did|will|would|can) it (?:usually |normally )?(?:take|cost|mean|help|make sense)\b(?=.*\bto\b)"
    r"|\b(?:is|was) it (?:\w+ )?(?:true|possible|legal|allowed|safe|likely|known|clear|necessary|worth|better|hard|"
    r"easy|normal|healthy|dangerous)\b|\b(?:is|was|does|did|will) it (?:rain|snow|freez)\w*\b|\bwhat time is it\b"
    r"|\bit is \w+ (?:that|to)\b",
    re.IGNORECASE,
)
# Closes a question that a name opens, and yet points back: "Did Ukraine accept it?", "How did Moscow respond?"
CLOSING = re.compile(
    r"\b("
    + _words(
        r"it|this|that|these|those|them|there|then|so|too|as well|either|afterwards?|instead",
        r"the (?:next|previous|other|first|second|third|last|same)(?: one| time)?",
        r"answer|respond|reply|react|agree|refuse|object|accept|comply|comment|reaction|response|objections?",
        r"це|цього|цьому|цим|його|її|їх|неї|нього|них|там|туди|тоді|теж|також|натомість",
        r"это|этого|этому|этим|этом|его|её|ее|их|неё|нее|него|них|там|туда|тогда|тоже|также|вместо этого",
    )
    + r")\W*$",
    re.IGNORECASE,
)
# The same of a short question in which the verb comes before the name: "Як відповіла Москва?"
RESPONDS = re.compile(
    r"\b(відпові(?:в|ла|ли)|відреагува\w+|зреагува\w+|погоди(?:в|л)\w+|відмови(?:в|л)\w+|"
    r"ответил\w*|отреагировал\w*|согласил\w+|отказал\w+)\b",
    re.IGNORECASE,
)
# A phrase that asks without saying of what: "For how many hours?", "According to whom?", "На скільки годин?"
PREPOSITION_ASKS = re.compile(
    r"^\W*(?:(?:at|by|for|from|in|into|on|over|to|until|under|with|without|since|according to|because of|of|about|"
    r"against|after|before)\s+(?:what|which|who|whom|whose|how|where|when)"
    r"|(?:в|у|на|за|для|до|з|із|зі|від|про|через|після|перед|під|по|якого|о|об)\s+(?:що|чого|чому|чим|чиїм\w*|чиї\w*|"
    r"кого|кому|ким|яку|яка|яке|які|яким\w*|якою|якого|якій|якому|яких|котр\w+|скільк\w+)"
    r"|(?:в|во|на|за|для|до|с|со|от|о|об|про|через|из-за|после|перед|под|по|к|ко)\s+(?:что|чего|чему|чем|чьим\w*|чьи\w*|"
    r"кого|кому|кем|как(?:ой|ая|ое|ие|ую|им|ими|ого|ому|ом|их)|котор\w+|скольк\w+))\b",
    re.IGNORECASE,
)
# A finite verb that English questions cannot do without.
AUXILIARY = re.compile(
    r"\b(is|are|was|were|am|be|been|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must|"
    r"(?:is|are|was|were|do|does|did|has|have|had|could|would)n['’]t)\b",
    re.IGNORECASE,
)
ASKS = re.compile(
    r"\b(what|which|who|whom|whose|how|where|when|why|що|чого|чому|чим|хто|кого|кому|ким|як\w{0,3}|де|куди|звідки|коли|"
    r"скільк\w+|чи|что|чего|почему|зачем|чем|кто|кем|как|как(?:ой|ая|ое|ие|ую|им|ими|ого|ому|ом|их)|где|куда|откуда|"
    r"когда|скольк\w+|ли)\b",
    re.IGNORECASE,
)
# What can be asked of anything, and tells of no topic: "How much more did they want to happen?"
ASKED_OF_ANYTHING = re.compile(
    r"\b("
    + _words(
        r"much|many|more|most|less|long|longer|far|often|soon|old|big|large|high|any(?:thing|one|body|where)?|"
        r"some(?:thing|one|body)?|every(?:thing|one|body)|nothing|nobody|else|again|really|exactly|"
        r"happen(?:s|ed|ing)?|take[ns]?|took|taking|know[ns]?|knew|say|says|said|get|got|go|goes|went|come|came|result",
        r"багато|більше|менше|дуже|знову|саме|також|щось|хтось|ніхто|нічого|далі|стал\w+|відбу\w+|каж\w+|сказа\w+|знає|"
        r"має|мають|можна|може",
        r"много|больше|меньше|очень|снова|именно|также|что-то|кто-то|никто|ничего|дальше|случил\w+|произош\w+|говор\w+|"
        r"сказа\w+|знает|есть|можно|может",
    )
    + r")\b",
    re.IGNORECASE,
)
# What begins a question that has a verb of its own.
WHOLE_QUESTION = re.compile(rf"(?:{ASKS.pattern}|{AUXILIARY.pattern})\W+\w+", re.IGNORECASE)
# A third person, a place, a time that the answer before may have named.
PERSON = re.compile(
    r"\b(he|him|his|she|hers?|він|його|йому|ним|нього|ньому|вона|її|їй|нею|неї|он|его|ему|него|нём|она|ее|её|ей|ею|ней|"
    r"неё|нее)\b",
    re.IGNORECASE,
)
PLACE = re.compile(r"\b(there|там|туди|туда|звідти|оттуда)\b", re.IGNORECASE)

# What stands before the new thing in "and (what about) (the one) in Moscow?".
FRAGMENT = re.compile(
    r"^\W*(?:(?:and|but|so|or|then|what about|how about|what of|also|same for|а|і|й|та|але|або|и|но|или|ну)\b[\s,]*)+"
    r"(?:(?:what about|how about|what of|(?:що|як) (?:щодо|стосовно)|(?:что|как) насч[её]т|що ж|что же|щодо|"
    r"стосовно|насч[её]т)\b\s*)?(?P<rest>.+?)\W*$"
    r"|^\W*(?:what about|how about|what of|(?:що|як) (?:щодо|стосовно)|(?:что|как) насч[её]т)\s+(?P<about>.+?)\W*$",
    re.IGNORECASE,
)
# Carries no meaning of its own in such a fragment.
FRAGMENT_FILLER = re.compile(
    r"^(?:the|an?|one|ones|that|those|of|у|в|во|на|за|з|із|с|со|до|про|о|об|для|від|от|к|ко|по|під|под|про|in|at|on|for|"
    r"to|from|by|with|about|during|after|before|since|той|та|те|ті|тот|то|те)$",
    re.IGNORECASE,
)

"""Words whose full stop need not end a sentence, in English, Ukrainian and Russian, and words that begin sentences.

Leaf module of plain sets, read by `index.text.sentences`. Entries stand without their last stop and, unless their
group says otherwise, in lower case. Inner stops stay: "e.g" is matched by "e.g.".
"""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Always followed by what they belong to. English titles need their capital: "Sec. Rubio", but "5 sec."
TITLES = _words(
    "Mr Mrs Ms Mx Dr Drs Prof Gen Gens Lt Col Maj Capt Sgt Cpl Pvt Adm Brig Cmdr Sen Sens Rep Reps Gov Govs Pres "
    "Amb Sec Rev Hon Supt Insp Messrs Mme Mlle"
)
LEADING = _words(
    "vs e.g i.e cf approx ca viz ул вул ім см див напр наприкл просп проф акад доц ген св тов гр т.е т.к т.н т.з "
    "т.зв зам заст"
)

# Followed by a number; before anything else their stop ends the sentence like any other.
NUMBERED = _words("no nos p pp fig vol ch art кв буд корп рис табл гл пп стр стор")

# Mostly inside a sentence: only a word that typically begins a sentence shows that it ended here.
INNER = _words(
    "st ste inc corp ltd co plc bros jr sr dept govt univ assn ave blvd al est ph.d г гг р рр ст им обл окр пр "
    "о-в р-н м-н смт янв фев февр авг сент окт нояб дек січ лют квіт черв серп жовт груд ред изд"
)
# The same for words that are abbreviations only with a capital: months, weekdays, American states.
INNER_CAPITALISED = _words(
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thurs Fri Mt Ft Fla Calif Va Md Conn Ariz "
    "Ky Tenn Pa Ga Colo Wis Mich Minn Tex Okla Ore Nev Neb Kan Ind Mo La Wash Del Ark Ala Mass Ill Miss"
)

# Followed by a capital they end the sentence, before a number or a small letter they do not.
MEASURES = _words("etc a.m p.m млн млрд трлн тыс тис руб грн коп долл дол чел чол шт экз мин сек хв т.д т.п т.ін др ін")

# "5 p.m. Monday", "9 a.m. ET": what keeps the sentence going after a time of day.
AFTER_TIME = _words(
    "ET EST EDT CT PT PST PDT GMT UTC CET CEST EET EEST BST MSK Monday Tuesday Wednesday Thursday Friday Saturday "
    "Sunday January February March April May June July August September October November December Jan Feb Mar Apr Aug "
    "Sept Oct Nov Dec Mon Tue Wed Thu Fri"
)

# Words that begin sentences and hardly ever follow an abbreviation as part of a name.
STARTERS = _words(
    "the a an he she it they we i you this that these those there here in on at by for from to of into over but "
    "and or so if when while as after before since until although though because however meanwhile then now both "
    "some many most several all no not what who why how where which his her its their our my your according under "
    "with without during despite instead also still yet later earlier asked speaking nor neither either one two "
    # Russian
    "в во на по о об обо он она оно они это этот эта эти тот та те но и а или однако при после до из с со к ко у "
    "за для как когда если что чтобы так также тогда затем теперь там тут здесь тем его её ее их мы я вы не ни "
    "ранее позже кроме согласно среди между под над без от все всё вместе впрочем поэтому кто где почему хотя "
    # Ukrainian
    "про він вона воно вони це цей ця ці той але і й або чи однак проте після із з зі від як коли якщо що щоб "
    "тоді потім тепер тут його її їх їхній ми ви ні раніше пізніше крім згідно серед між під усі всі отже тому "
    "хто де чому хоча"
)

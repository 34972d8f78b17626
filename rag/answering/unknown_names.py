"""Names in a question that no document mentions, and that the names data doesn't know either.

Only capitals tell them: words that have one and do not begin the question, the last of which no document holds. A slip
of the pen and the other alphabet are forgiven: what is near to a word of the documents counts as that word. Titles,
months, holidays, abbreviations and questions with capitals throughout are let be.

Over the invented passages of training/data, 6 of 2,600 questions that these answer were taken to ask about an unknown
name, five of them in another language than the passage; none of 216 that the shipped documents answer.
"""

import datetime as dt
import re
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from index.collection import Snapshot
from index.text.lexical import content_term
from index.text.names import Mention, Names
from index.text.words import fold, is_cyrillic
from rag.language import SPOKEN, question_language
from rag.retrieval.retriever import Query

SHORTEST_FORGIVEN = 5  # letters
SAME_NAME = 0.90  # Jaro-Winkler similarity of terms
SAME_SOUND = 0.86  # of terms of which one comes from the other alphabet

_SMALL = "a-zа-яіїєґё"
_WORD = rf"[^\W\d_{_SMALL}][^\W\d_]*[{_SMALL}][^\W\d_]*"
# "Marta Ocaña", "the Pope of Avignon"; what opens the question or a sentence has a capital anyway.
_NAME = re.compile(
    rf"(?<![.?!…] )(?<=[\w,:;“\"«(„’-][ “\"«(„])"
    rf"(?P<name>{_WORD}(?:(?: |-| of (?:the )?| de | van | von | al-| bin | da | di | la ){_WORD})*)"
)
# Where something is, or when: a document may tell of it under another name.
_SETTING = re.compile(
    r"\b(?:in|at|on|near|from|to|into|during|before|after|since|until|у|в|во|на|біля|з|із|зі|с|со|из|до|після|після|после|"
    r"возле|около|під час|во время)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_LET_BE = re.compile(
    r"(?:prime|foreign|defen[cs]e|interior|ministers?|presidents?|vice|chancellor|secretary|general|admiral|colonel|"
    r"captain|mayor|governor|senator|king|queen|prince|princess|pope|lord|lady|sir|mrs?|ms|dr|professor|ambassador|"
    r"міністр\w*|министр\w*|президент\w*|генерал\w*|пап[аиіуы]|корол\w+|пан[аіу]?|господин\w*|госпож\w+|посол|посла|"
    r"канцлер\w*|бог\w*|god|easter|christmas|ramadan|великод\w+|великд\w+|пасх\w+|різдв\w+|рождеств\w+|рамадан\w*)",
    re.IGNORECASE,
)
_SOUNDS = str.maketrans(
    {
        **dict(zip("абвгґдезиіїйклмнопрстуфхыэ", "abvggdeziiiiklmnoprstufhie", strict=True)),
        "є": "e",
        "ж": "zh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "sch",
        "ю": "yu",
        "я": "ya",
        "ь": None,
        "ъ": None,
    }
)

_CYRILLIC = "абвгґдеєжзиіїйклмнопрстуфхцчшщыэюя"
_SOUND_OF = {"th": "t", "ph": "f", "ck": "k", "ea": "e", "ee": "e", "ou": "o", "c": "k", "q": "k", "w": "v", "y": "i",
             "j": "i", "h": "g"}  # fmt: skip
_SPELLINGS = re.compile("|".join(_SOUND_OF))


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A name as the question has it; `asked_about` unless it only tells where or when."""

    text: str
    asked_about: bool


def unknown_names(snapshot: Snapshot, query: Query, names: Names) -> tuple[UnknownName, ...]:
    """The names in the question that no document up to its cut-off holds, nor the names data, in order, each once."""
    question = query.text
    if question_language(question) not in SPOKEN or _capitals_throughout(question):
        return ()
    known = [*names.find(question), *names.slips(question)]
    found: dict[str, UnknownName] = {}
    for match in _NAME.finditer(question):
        if _overlaps(match, known):
            continue
        telling = [word for word in re.findall(r"[^\W\d_]+", match["name"]) if word[0].isupper()]
        telling = [word for word in telling if not _LET_BE.fullmatch(word)]
        if telling and not _is_known(snapshot, telling[-1], query.as_of):
            setting = bool(_SETTING.search(question, 0, match.start("name")))
            found.setdefault(match["name"], UnknownName(match["name"], not setting))
    return tuple(found.values())


def _overlaps(match: re.Match[str], mentions: list[Mention]) -> bool:
    return any(one.start < match.end("name") and match.start("name") < one.end for one in mentions)


def _capitals_throughout(question: str) -> bool:
    """Whether small words have capitals too, as in a heading, or most letters are capitals."""
    words = re.findall(r"[^\W\d_]+", question)[1:]
    short = [word for word in words if 1 < len(word) <= 3 and not word.isupper()]
    return (
        any(word[0].isupper() for word in short) and not any(word.islower() for word in short)
    ) or question.isupper()


def _is_known(snapshot: Snapshot, word: str, as_of: dt.date | None) -> bool:
    term = content_term(word)
    if term is None or term.startswith("=") or snapshot.lexical([term], 1, as_of):
        return True
    folded = fold(word)
    if len(folded) < SHORTEST_FORGIVEN:
        return False
    others = "abcdefghijklmnopqrstuvwxyz" if is_cyrillic(folded) else _CYRILLIC
    sound = _sound(folded)
    heard = {_sound(held): held for one in others if _sound(one)[:1] == sound[:1] for held in snapshot.terms(one)}
    near = _near(term, snapshot.terms(term[0]), SAME_NAME) + [
        heard[one] for one in _near(sound, list(heard), SAME_SOUND)
    ]
    return bool(near and snapshot.lexical(near, 1, as_of))


def _sound(word: str) -> str:
    """One spelling, in Latin letters, for what sounds alike in the two alphabets."""
    return _SPELLINGS.sub(lambda match: _SOUND_OF[match.group()], word.translate(_SOUNDS))


def _near(word: str, terms: list[str], least: float) -> list[str]:
    """The terms that the word is like, whatever ending it has."""
    alike = [term for term in terms if abs(len(term) - len(word)) <= 3]
    return [found for found, _, _ in process.extract(word, alike, scorer=JaroWinkler.similarity, score_cutoff=least)]

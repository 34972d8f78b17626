"""Quotations, who says what, and accounts that do not agree, as answers."""

from collections.abc import Iterable, Iterator, Sequence

from index.text.dates import spell_date
from index.text.names import Names
from rag.answering.extractive import Draft, without_marks
from rag.reading.listed import ListedLine, listed_draft, listed_line, voice_name
from rag.reading.position_questions import AskedPositions
from rag.reading.positions import Position, Positions, ShownAccount, ShownDisagreement, SidePositions
from rag.reading.quotation_index import SpokenWords
from rag.reading.sides import PARTIES

MOST_QUOTATIONS = 3
OF_EACH_SIDE = 2  # where all are asked for
OF_ONE_SIDE = 4
MOST_DISAGREEMENTS = 4

_SIDES = {
    "en": {
        "kyiv": "Kyiv",
        "moscow": "Moscow",
        "washington": "Washington",
        "brussels": "Brussels (EU, NATO)",
        "capitals": "Other European capitals",
    },
    "uk": {
        "kyiv": "Київ",
        "moscow": "Москва",
        "washington": "Вашингтон",
        "brussels": "Брюссель (ЄС, НАТО)",
        "capitals": "Інші європейські столиці",
    },
    "ru": {
        "kyiv": "Киев",
        "moscow": "Москва",
        "washington": "Вашингтон",
        "brussels": "Брюссель (ЕС, НАТО)",
        "capitals": "Другие европейские столицы",
    },
}
_WORDS = {
    "en": {
        "nearest": "No quotation has these words. The nearest in meaning, which may be about something else:",
        "unsaid": "No statement on this by those you ask about was found. The nearest, perhaps others' words:",
        "second_hand": "as others report it",
        "reported": "reported {date}",
        "itself": "about its own side",
        "told": "The text itself says that accounts differ",
        "denied": "Said and denied",
        "numbers": "Different numbers",
        "unnamed": "one account",
    },
    "uk": {
        "nearest": "Цитати з цими словами немає. Найближчі за змістом, можливо про інше:",
        "unsaid": "Заяви тих, про кого ви питаєте, на цю тему не знайдено. Найближче, можливо словами інших:",
        "second_hand": "за повідомленням інших",
        "reported": "повідомлено {date}",
        "itself": "про власну сторону",
        "told": "Сам текст каже, що повідомлення розходяться",
        "denied": "Сказано й заперечено",
        "numbers": "Різні числа",
        "unnamed": "одне з повідомлень",
    },
    "ru": {
        "nearest": "Цитаты с этими словами нет. Ближайшие по смыслу, возможно о другом:",
        "unsaid": "Заявления тех, о ком вы спрашиваете, на эту тему не найдено. Ближайшее, возможно словами других:",
        "second_hand": "по сообщению других",
        "reported": "сообщено {date}",
        "itself": "о собственной стороне",
        "told": "Сам текст говорит, что сообщения расходятся",
        "denied": "Сказано и отрицается",
        "numbers": "Разные числа",
        "unnamed": "одно из сообщений",
    },
}


def quotations_draft(found: Sequence[SpokenWords], names: Names, language: str) -> Draft:
    """What was said, verbatim, each after who said it, when and where; the sentence around it is what is cited."""
    near = any(one.matches == "meaning" for one in found)
    lines = [_quotation(one, names, language) for one in found]
    return listed_draft(lines, _WORDS[language]["nearest"] if near else "")


def _quotation(one: SpokenWords, names: Names, language: str) -> ListedLine:
    words = _WORDS[language]
    speaker = voice_name(one.speaker_ids, one.speaker or "", names, language)
    day = spell_date(one.said_on, language) if one.said_on else _reported(one, language)
    label = ", ".join(filter(None, (speaker, day, one.place)))
    label += f" ({words['second_hand']})" if one.second_hand else ""
    places = (one.context, one.named_in) if one.named_in else (one.context,)
    return ListedLine(label, f"“{without_marks(one.quote)}”", places)


def positions_draft(found: Positions, asked: AskedPositions, names: Names, language: str) -> Draft:
    """Each side in its turn, its statements the newest first; where all sides are asked for, what is disputed last.

    Where those who are asked about say nothing, a line to stand before other words that come near.
    """
    told: dict[tuple[str, int], list[tuple[str, Position]]] = {}
    for side in found.sides:
        if side.side in PARTIES and (not asked.sides or side.side in asked.sides):
            for position in _of_side(side, asked):
                told.setdefault((position.document_id, position.start), []).append((side.side, position))
    lines = [_position(said, names, language) for said in told.values()]
    if asked.sides and not lines:
        return Draft((), (), _WORDS[language]["unsaid"])
    disputed = [] if asked.sides else [*_disagreements(found.disagreements[:1], names, language)]
    return listed_draft([*lines, *disputed] if lines else [])


def _of_side(side: SidePositions, asked: AskedPositions) -> list[Position]:
    meant = [one for one in side.positions if not asked.people or asked.people & set(one.speaker_ids)]
    return meant[: OF_ONE_SIDE if len(asked.sides) == 1 else OF_EACH_SIDE]


def _position(said: Sequence[tuple[str, Position]], names: Names, language: str) -> ListedLine:
    """One sentence, with everybody whom it lets speak."""
    _, one = said[0]
    voices = [_voice(side, position, names, language) for side, position in said]
    day = spell_date(one.said_on, language) if one.said_on else _reported(one, language)
    itself = all(position.about_itself for _, position in said)
    label = ", ".join(filter(None, ("; ".join(voices), day))) + (f" ({_WORDS[language]['itself']})" if itself else "")
    named_in = [position.named_in for _, position in said if position.named_in]
    return ListedLine(label, listed_line("", one).words, (one, *named_in[:1]))


def _voice(side: str, position: Position, names: Names, language: str) -> str:
    """`Kyiv · Volodymyr Zelensky`; the side alone where it is the side that speaks."""
    speaker, front = voice_name(position.speaker_ids, position.speaker, names, language), _SIDES[language][side]
    return front if speaker == front else f"{front} · {speaker}"


def side_names(language: str) -> tuple[str, ...]:
    """What the sides are called in that language."""
    return tuple(_SIDES[language].values())


def disagreements_draft(found: Positions, names: Names, language: str) -> Draft:
    """Accounts that do not agree, one after the other, none chosen; empty where none is noticed."""
    return listed_draft([*_disagreements(found.disagreements[:MOST_DISAGREEMENTS], names, language)])


def _disagreements(found: Iterable[ShownDisagreement], names: Names, language: str) -> Iterator[ListedLine]:
    words = _WORDS[language]
    for one in found:
        for account in one.accounts:
            speaker = account.speaker or words["unnamed"]
            dated = _reported(account, language)
            yield listed_line(f"{words[one.ground]} – {', '.join(filter(None, (speaker, dated)))}", account)


def _reported(one: Position | ShownAccount | SpokenWords, language: str) -> str:
    return _WORDS[language]["reported"].format(date=spell_date(one.date, language)) if one.date else ""

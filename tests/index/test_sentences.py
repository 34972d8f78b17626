"""Sentence splitting on hand-written hard cases, on every seed, and on hostile text."""

import time
from pathlib import Path

import pytest

from index.text.sentences import split_sentences

SEEDS = sorted(Path("seeds").glob("*.md"))

# Sentences are parted by " | " in the expectation; the input is the same text with a space there.
IN_ONE_LINE = [
    # English
    "Talks were held in Geneva. | Both sides called them useful.",
    "The U.S. envoy met Mr. Umerov and Gen. Hnatov. | Dr. Smith was there.",
    "Officials flew in from the U.S. | The talks began at once.",
    "The U.K. Prime Minister and Sen. Lindsey Graham, R-S.C., agreed.",
    "J. D. Vance spoke first. | J.D. Vance left early.",
    "They met in St. Petersburg. | Then they flew home.",
    "They met in St Petersburg. | Putin spoke.",
    "Lt. Gen. Keith Kellogg resigned. | Rep. Brian Fitzpatrick objected.",
    "The yield was 3.5 billion dollars, i.e. 4.1 percent of GDP. | It was not enough.",
    "About 600,000 troops, e.g. conscripts, are capped. | 800,000 was the Ukrainian figure.",
    "It began at 9 a.m. Monday and ended at 5 p.m. Kyiv time. | Nobody spoke.",
    "The session closed at 11 p.m. | Kushner left.",
    "Doors open at 4 p.m. Sept. 25. | They close at 6 p.m. ET.",
    "On Jan. 22 he was in Davos. | On Feb. 4 he was in Abu Dhabi.",
    "Point No. 5 is open, see p. 12 and Art. 5. | The rest is agreed.",
    "Would he sign? | The answer was No. | Putin had other plans.",
    "It is Kyiv vs. Moscow, approx. 1,000 km of front. | Little moves.",
    "“We are ready.” | “They are not,” Rubio said.",
    '"We are close." | Witkoff smiled.',
    "He said: ‘One issue is left.’ | Then he boarded.",
    "“Why now?” Trump asked. | Nobody knew.",
    "“Stop!” he cried. | They did.",
    "“We will go.” he said again.",
    "Is this the end?! | Some think so...",
    "The deal was near... and then it was not.",
    "He hesitated… | Putin did not.",
    "(The plan was leaked.) | Washington denied it. | [Axios had it first.]",
    "They ended the call. | iPhone footage showed the cars.",
    "He was late. | 15 minutes passed. | $5 billion were at stake.",
    "Agreed were 20 points [see Sec. 3]. | ‘Not all,’ said Kyiv.",
    "The plan has footnotes.[1] | The text has none.[2][3]",
    "Visit parley.example.org or mail a.b@example.org today. | Version 1.2.3 is out.",
    "Gazprom Inc. and Rosneft Co. shares fell. | Palm Beach, Fla. hosted them.",
    "Guarantees, sanctions, assets, etc. | All were on the table.",
    "Grain, steel, etc. were exempt.",
    "It cost 90 bn. euros. | **Zaporizhzhia**: still open. | *Donbas*: the same.",
    "Point 1. | Done.",
    # Russian
    "15 января 2026 г. Путин принял Уиткоффа. | Встреча длилась 5 ч.",
    "В 2025–2026 гг. прошло три раунда. | Четвёртый отложили.",
    "Это было в 2025 г. | В Москве его ждали.",
    "Переговоры шли в г. Стамбуле на ул. Баня, д. 5. | Итогов нет.",
    "Его назвал В. В. Путин. | Затем выступил С. В. Лавров.",
    "С ним говорил Ушаков Ю. В. | В Кремле это подтвердили.",
    "Обсуждали обмены, удары, зерно и т. д. | Кремль доволен.",
    "Речь о гарантиях, т. е. о НАТО, и т. п. вещах. | Решения нет.",
    "Ущерб — 5 млрд руб. | Россия молчит.",
    "Выделили 300 тыс. долл. и 2 млн. евро. | Хватит ли?",
    "Завод им. В. И. Ленина и музей им. Пушкина закрыты. | См. стр. 5.",
    "«Мы готовы». | «Мы тоже», — ответил он.",
    "«Когда?» — спросил Песков. | Ответа не было.",
    "«Мы продолжим!» | Зал затих.",
    "Что дальше?.. | Никто не знает.",
    "2025 год. | 19 апреля стороны обменялись по 246 военными.",
    "Вернули 1000 тел. | 19 тел опознали.",
    "В пакете ст. 5 и п. 7.1. | Остальное, напр. санкции, потом.",
    "Он сказал им. | Они ушли.",
    # Ukrainian
    "У 2025 р. Україна погодилася. | У Москві мовчали.",
    "Упродовж 2022–2026 рр. тривала війна. | Її не спинили.",
    "Зустріч була на вул. Банковій, буд. 11. | Прийшов ген. Гнатов.",
    "Були Умєров, Гнатов, Буданов та ін. | Росіяни мовчали.",
    "Виділили 300 тис. грн. | Решту, див. с. 4, потім.",
    "Університет ім. Т. Шевченка зачинено. | Напр. через тривогу.",
    "«Мир не настане завтра». | Рютте це знає.",
    "«Чи є угода?» — запитали його. | Він усміхнувся… і пішов.",
    "О 10.30 почалося. | О 18:00 скінчилося.",
    "Говорили про землю, полонених і т. д. | Київ чекає.",
    "Він — з м. Львів. | Вона — з Києва.",
]


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


@pytest.mark.parametrize("expected", IN_ONE_LINE)
def test_sentences_of_one_line(expected: str) -> None:
    assert sentences(expected.replace(" | ", " ")) == expected.split(" | ")


# A sign at the start of a line may begin a list item: there wrapping is allowed to make a boundary.
WRAPPABLE = [case for case in IN_ONE_LINE if not any(word[0] in "-–—*[" for word in case.split())]


@pytest.mark.parametrize("expected", WRAPPABLE)
def test_wrapping_at_every_space_changes_no_boundary(expected: str) -> None:
    wrapped = expected.replace(" | ", " ").replace(" ", "\r\n")
    assert [" ".join(sentence.split()) for sentence in sentences(wrapped)] == expected.split(" | ")


IN_BLOCKS = [
    (
        "# Heading without a stop\nFirst sentence. Second one.",
        ["# Heading without a stop", "First sentence.", "Second one."],
    ),
    ("Text before\n## Heading\ntext after", ["Text before", "## Heading", "text after"]),
    ("A title\n\nA paragraph\r\n\r\nAnother", ["A title", "A paragraph", "Another"]),
    (
        "Points:\n- the land\n- the plant,\n  which Russia holds\n- the army.",
        ["Points:", "- the land", "- the plant,\n  which Russia holds", "- the army."],
    ),
    ("1. A ceasefire. At once.\n2. Elections\n3) Money", ["1. A ceasefire.", "At once.", "2. Elections", "3) Money"]),
    ("The talks were held on July\n19. The next are open.", ["The talks were held on July\n19.", "The next are open."]),
    ("Wrapped text goes\non here. And ends\nhere.", ["Wrapped text goes\non here.", "And ends\nhere."]),
    (
        "**Budapest**: planned for autumn 2025, never held.\n\n**Kyiv**: Rutte's visit. **Forum**, June.",
        ["**Budapest**: planned for autumn 2025, never held.", "**Kyiv**: Rutte's visit.", "**Forum**, June."],
    ),
    ("**A bold line**\nand its text.", ["**A bold line**", "and its text."]),
    ("**Bold sentence.** Plain sentence.", ["**Bold sentence.**", "Plain sentence."]),
    ("| round | place |\n|---|---|\n| 1 | Riyadh |", ["| round | place |", "|---|---|", "| 1 | Riyadh |"]),
    ("Title\n=====\nText.\n\n---\n\nMore.", ["Title", "=====", "Text.", "---", "More."]),
    ("— Готовы?\n— Да.\nМосква\n— Киев, туда и обратно.", ["— Готовы?", "— Да.", "Москва\n— Киев, туда и обратно."]),
    ("а) земля\nб) станция", ["а) земля", "б) станция"]),
    ("IV. Sanctions\n\n(a) Relief. Later.", ["IV. Sanctions", "(a) Relief.", "Later."]),
    ("The 'rule of thumb.' \" Then more.", ["The 'rule of thumb.' \"", "Then more."]),
    ("They will plan. … We welcome it.", ["They will plan.", "… We welcome it."]),
    ("«Да. »  Он ушёл.", ["«Да. »", "Он ушёл."]),
    ("One.\n \t\nTwo", ["One.", "Two"]),
    ("  \n\t ", []),
    ("", []),
    ("...", ["..."]),
    ("word", ["word"]),
]


@pytest.mark.parametrize(("text", "expected"), IN_BLOCKS)
def test_blocks_end_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def check_invariants(text: str) -> None:
    position = 0
    for span in split_sentences(text):
        assert position <= span.start < span.end <= len(text)
        assert not text[position : span.start].strip(), "characters between two sentences"
        sentence = text[span.start : span.end]
        assert sentence == sentence.strip()
        position = span.end
    assert not text[position:].strip(), "characters after the last sentence"


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_every_character_of_a_seed_is_in_one_sentence(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for variant in (text, text.replace("\n", "\r\n"), text.replace("\n\n", "\n"), text[37:-11], text[::-1]):
        check_invariants(variant)


def test_every_character_of_the_hard_cases_is_in_one_sentence() -> None:
    for separator in (" ", "\n", "\r", "\u2028", "\f", "\t \n", ""):
        check_invariants(separator.join(case.replace(" | ", separator) for case in IN_ONE_LINE))
        check_invariants(separator.join(text for text, _ in IN_BLOCKS))


@pytest.mark.parametrize(
    "unit",
    [".", ". ", "a. ", "1. ", "«", "! «", "\n", "\r", "- \n", "U.S. ", "*", "( ", ".»", "A", " ", "\n# ", "“?” A "],
)
def test_hostile_repetition_takes_linear_time(unit: str) -> None:
    text = unit * (200_000 // len(unit)) + "x"
    started = time.perf_counter()
    check_invariants(text)
    assert time.perf_counter() - started < 5

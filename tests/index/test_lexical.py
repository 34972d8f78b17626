"""Terms of the lexical index: words, numbers and names meet across forms and languages."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.text.lexical import tokenize, tokenize_query, tokenizer_version
from index.text.names import load_names
from index.text.words import find_words, fold

SEEDS = Path(__file__).parents[2] / "seeds"

MEET = [
    # inflection
    ("negotiation", "negotiations"),
    ("agreed", "agree"),
    ("переговоры", "переговорами"),
    ("договорённость", "договоренности"),
    ("переговорів", "переговорами"),
    ("пропозиція", "пропозицією"),
    ("полонених", "полонені"),
    # the same word in Ukrainian and in Russian
    ("переговори", "переговоры"),
    ("меморандуму", "меморандума"),
    ("гарантії", "гарантии"),
    ("територія", "территория"),
    # spelling
    ("п'ять", "п’ять"),
    ("м’яч", "мʼяч"),
    ("ПЛЁНКА", "пленка"),
    ("café", "Cafe"),
    # numbers
    ("600,000", "600000"),
    ("600 000", "600,000"),
    ("600\u00a0000", "600.000"),
    ("600 thousand", "600,000"),
    ("600 тысяч", "600 000"),
    ("600 тис.", "600 тыс."),
    ("90 billion", "90 миллиардов"),
    ("€90bn", "90 мільярдів"),
    ("1,5", "1.5"),
    ("1.5 million", "1 500 000"),
    ("3.0", "3"),
    ("20%", "20 percent"),
    ("20 %", "20 відсотків"),
    ("процентов", "відсотки"),
    # months
    ("January", "января"),
    ("в январе", "у січні"),
    ("in May", "у травні"),
    ("Dec", "грудня"),
    # names
    ("Zelensky", "Зеленським"),
    ("Zelenskyy's", "Зеленского"),
    ("Kiev", "у Києві"),
    ("Abu Dhabi", "Абу-Даби"),
    ("the US", "Сполучені Штати"),
    ("IAEA", "МАГАТЭ"),
    ("ЗАЭС", "Zaporizhzhia nuclear power plant"),
    ("Russian", "російський"),
]

PART = [
    ("tell us", "the US"),
    ("you may", "May"),
    ("to march", "March"),
    ("1.5", "15"),
    ("600.5", "6005"),
    ("2026 500", "2026500"),
    ("Trump", "Melania Trump"),
]


@pytest.mark.parametrize(("left", "right"), MEET)
def test_forms_of_the_same_share_a_term(left: str, right: str) -> None:
    assert set(tokenize(left)) & set(tokenize(right)), (tokenize(left), tokenize(right))


@pytest.mark.parametrize(("left", "right"), PART)
def test_what_only_looks_the_same_shares_no_name_or_number(left: str, right: str) -> None:
    shared = set(tokenize(left)) & set(tokenize(right))
    assert not {term for term in shared if term[0] in "@=" or term[0].isdigit()}


def test_name_adds_its_entity_after_its_words() -> None:
    assert tokenize("Volodymyr Zelensky spoke") == ["volodymyr", "zelenski", "@zelensky", "spoke"]


def test_hyphens_part_words() -> None:
    assert tokenize("Witkoff-Ushakov") == ["witkoff", "@witkoff", "ushakov", "@ushakov"]


def test_number_is_written_in_full_beside_its_word() -> None:
    assert tokenize("€90 billion") == ["90", "=billion", "90000000000"]


@pytest.mark.parametrize(
    "text", ["what is the", "що це таке", "что это такое", "Who is he?"]
)  # fmt: skip
def test_text_of_stop_words_alone_keeps_them(text: str) -> None:
    assert len(tokenize(text)) == len(text.split())


def test_stop_words_are_dropped_beside_others() -> None:
    assert tokenize("what is the ceasefire") == tokenize("ceasefire")
    assert tokenize("що таке перемир'я") == tokenize("перемир’я")
    assert tokenize("кто и что это за перемирие") == tokenize("перемирие")


@pytest.mark.parametrize("text", ["", " \n", "?!…", "’ ʼ '", "\u0301"])
def test_text_without_words_gives_nothing(text: str) -> None:
    assert tokenize(text) == []
    assert tokenize_query(text) == []


def test_terms_hold_no_spaces_and_none_is_empty() -> None:
    odd = "ﷺ ½ ²x ªº İstanbul ß ﬁn ʰa ʼa 東京 मुंबई 5٫5 １２３ O’’Neil \u200b x\u00ady"
    assert all(term and not any(char.isspace() for char in term) for term in tokenize(odd))


def test_question_with_a_slip_also_asks_for_the_name_meant() -> None:
    assert "@zelensky" in tokenize_query("What did Zelenksy say?")
    assert "@ushakov" in tokenize_query("що сказав Ушаокв")
    assert "@zelensky" not in tokenize("What did Zelenksy say?")


def test_question_without_slips_has_the_terms_of_a_row() -> None:
    text = "Did Witkoff meet Putin in January?"
    assert tokenize_query(text) == tokenize(text)


def test_offsets_of_words_hold() -> None:
    text = "На 1 000 зустрічей — п’ять: “Elysée’s” 2,5%"
    assert [text[word.start : word.end] for word in find_words(text)] == [
        "На", "1 000", "зустрічей", "п’ять", "Elysée’s", "2,5", "%",
    ]  # fmt: skip


def test_folding_keeps_letters_that_only_look_accented() -> None:
    assert [fold(word) for word in ("Їжак", "йод", "Ёж", "Orbán", "Çırağan", "О́льга")] == [
        "їжак", "йод", "еж", "orban", "ciragan", "ольга",
    ]  # fmt: skip


def test_version_changes_with_the_names(tmp_path: Path) -> None:
    extra = tmp_path / "names.yaml"
    extra.write_text("- {id: acme, kind: body, label: Acme, en: [Acme]}", encoding="utf-8")
    assert tokenizer_version() == tokenizer_version(load_names())
    assert tokenizer_version(load_names(extra)) != tokenizer_version()


def test_threads_give_the_same_terms() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.md"))]
    expected = [tokenize(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(tokenize, texts * 2)) == expected * 2


def test_a_large_text_takes_time_in_proportion() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.md")))
    tokenize(text)
    start = time.perf_counter()
    tokenize(text)
    once = time.perf_counter() - start
    start = time.perf_counter()
    tokenize(text * 5)
    assert time.perf_counter() - start < max(once * 15, 0.1)

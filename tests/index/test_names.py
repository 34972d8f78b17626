"""Names in three languages, their cases, slips and what only looks like a name."""

import itertools
from pathlib import Path

import pytest
import yaml

from index.errors import SettingsError
from index.text.entities import Entity
from index.text.inflection import case_forms
from index.text.names import Names, load_names

SEEDS = Path(__file__).parents[2] / "seeds"

FOUND = [
    # people, English spellings
    ("Zelensky spoke", "zelensky", "Zelensky"),
    ("Zelenskyy spoke", "zelensky", "Zelenskyy"),
    ("Zelenskiy and others", "zelensky", "Zelenskiy"),
    ("President Volodymyr Zelenskyi said", "zelensky", "Volodymyr Zelenskyi"),
    ("what did zelensky say", "zelensky", "zelensky"),
    ("Zelensky's answer", "zelensky", "Zelensky"),
    ("Zelensky’s answer", "zelensky", "Zelensky"),
    ("ZELENSKY ARRIVES", "zelensky", "ZELENSKY"),
    ("Andrii Ermak resigned", "yermak", "Andrii Ermak"),
    ("the envoy Keith Kellogg", "kellogg", "Keith Kellogg"),
    ("Sergei Lavrov", "lavrov", "Sergei Lavrov"),
    ("S. Lavrov", "lavrov", "S. Lavrov"),
    ("Medynskyi led", "medinsky", "Medynskyi"),
    ("Medinskiy led", "medinsky", "Medinskiy"),
    ("Vice President J.D. Vance", "vance", "J.D. Vance"),
    ("Donald J. Trump", "trump", "Donald J. Trump"),
    ("Donald Trump Jr. tweeted", "trump-jr", "Donald Trump Jr"),
    ("Viktor Orban", "orban", "Viktor Orban"),
    ("Recep Tayyip Erdoğan", "erdogan", "Recep Tayyip Erdoğan"),
    ("Prime Minister De Wever", "de-wever", "De Wever"),
    # people, Ukrainian and Russian cases
    ("зустріч із Зеленським", "zelensky", "Зеленським"),
    ("позиція Зеленського", "zelensky", "Зеленського"),
    ("сказали Володимиру Зеленському", "zelensky", "Володимиру Зеленському"),
    ("встреча с Зеленским", "zelensky", "Зеленским"),
    ("ответил В. Зеленскому", "zelensky", "В. Зеленскому"),
    ("визит Уиткоффа", "witkoff", "Уиткоффа"),
    ("разговор с Виткоффом", "witkoff", "Виткоффом"),
    ("переговори зі Стівом Віткоффом", "witkoff", "Стівом Віткоффом"),
    ("без Кушнера", "kushner", "Кушнера"),
    ("з Джаредом Кушнером", "kushner", "Джаредом Кушнером"),
    ("слова Пєскова", "peskov", "Пєскова"),
    ("заявил Песков", "peskov", "Песков"),
    ("листа до Володимира Путіна", "putin", "Володимира Путіна"),
    ("верить в Путина", "putin", "Путина"),
    ("Путіним незадоволені", "putin", "Путіним"),
    ("с Рустемом Умеровым", "umerov", "Рустемом Умеровым"),
    ("Умєровим і Будановим", "umerov", "Умєровим"),
    ("до Андрія Сибіги", "sybiha", "Андрія Сибіги"),
    ("передали Сибізі", "sybiha", "Сибізі"),
    ("з Сергієм Кислицею", "kyslytsia", "Сергієм Кислицею"),
    ("Марії Львової-Бєлової", "lvova-belova", "Марії Львової-Бєлової"),
    ("Игоря Костюкова", "kostyukov", "Игоря Костюкова"),
    ("слова Лихачева", "likhachev", "Лихачева"),
    ("говорил Рубио", "rubio", "Рубио"),
    ("с Урсулой фон дер Ляйен", "von-der-leyen", "Урсулой фон дер Ляйен"),
    # places
    ("from Kiev", "kyiv", "Kiev"),
    ("у Києві", "kyiv", "Києві"),
    ("в Киеве", "kyiv", "Киеве"),
    ("talks in Abu Dhabi.", "abu-dhabi", "Abu Dhabi"),
    ("talks in Abu\nDhabi", "abu-dhabi", "Abu\nDhabi"),
    ("в Абу-Даби", "abu-dhabi", "Абу-Даби"),
    ("у Женеві", "geneva", "Женеві"),
    ("в Женеве", "geneva", "Женеве"),
    ("у Стамбулі", "istanbul", "Стамбулі"),
    ("в Стамбуле", "istanbul", "Стамбуле"),
    ("в Енергодарі", "enerhodar", "Енергодарі"),
    ("в Энергодаре", "enerhodar", "Энергодаре"),
    ("у Санкт-Петербурзі", "st-petersburg", "Санкт-Петербурзі"),
    ("the St. Petersburg forum", "st-petersburg", "St. Petersburg"),
    ("біля Слов’янська", "sloviansk", "Слов’янська"),
    ("under Slov'янськ Slovyansk", "sloviansk", "Slovyansk"),
    ("Донецької області", "donetsk", "Донецької"),
    ("the Mar-a-Lago meeting", "mar-a-lago", "Mar-a-Lago"),
    ("in Turkey", "turkey", "Turkey"),
    ("in Türkiye", "turkey", "Türkiye"),
    ("the US side", "united-states", "US"),
    ("a U.S.-brokered deal", "united-states", "U.S"),
    ("did the us sign", "united-states", "us"),
    ("у Сполучених Штатах", "united-states", "Сполучених Штатах"),
    ("російської делегації", "russia", "російської"),
    ("Donbass", "donbas", "Donbass"),
    # bodies and objects
    ("the IAEA", "iaea", "IAEA"),
    ("МАГАТЕ повідомило", "iaea", "МАГАТЕ"),
    ("под контролем МАГАТЭ", "iaea", "МАГАТЭ"),
    ("вступ до ЄС", "eu", "ЄС"),
    ("в Европейском союзе", "eu", "Европейском союзе"),
    ("в Белом доме", "white-house", "Белом доме"),
    ("у Білому домі", "white-house", "Білому домі"),
    ("глава «Росатома»", "rosatom", "Росатома"),
    ("the Zaporizhzhia nuclear power plant", "znpp", "Zaporizhzhia nuclear power plant"),
    ("ZNPP", "znpp", "ZNPP"),
    ("Zaporozhye NPP", "znpp", "Zaporozhye NPP"),
    ("Запорожскую АЭС", "znpp", "Запорожскую АЭС"),
    ("Запорізькою атомною електростанцією", "znpp", "Запорізькою атомною електростанцією"),
    ("на ЗАЕС", "znpp", "ЗАЕС"),
    ("the 28-point plan", "28-point-plan", "28-point plan"),
    ("план из 28 пунктов", "28-point-plan", "план из 28 пунктов"),
]

NOT_FOUND = [
    "let us go and tell us",
    "bolton of cloth, a waltz, a musk smell",
    "a swift answer",
    "Taylor Swift",
    "will of the people",
    "in a pair",
    "сколько стоит пар",
    "мост и мир",
    "немає сенсу без суми",
    "запорошило сніжок",
    "Russia-watcherish Putinism",
    "a Kelly and a Johnson",
    "беседа и тихий вечер",
    "an ap version, rt or un",
]

SLIPS = [
    ("Zelenksy", "zelensky"),
    ("Zelinsky", "zelensky"),
    ("zelenksy", "zelensky"),
    ("Wittkof", "witkoff"),
    ("Kusnher", "kushner"),
    ("Umerev", "umerov"),
    ("Dmitreiv", "dmitriev"),
    ("Medinksy", "medinsky"),
    ("Budonov", "budanov"),
    ("Ушаокв", "ushakov"),
    ("Лавроф", "lavrov"),
    ("Зеленьський", "zelensky"),
    ("Geneav", "geneva"),
    ("Istambul", "istanbul"),
    ("Энергадаре", "enerhodar"),
]

NO_SLIPS = [
    "Witness", "putting", "political", "leaving", "parts", "basis", "school", "finish", "started", "green", "tramp",
    "meeting", "talks", "весну", "кроме", "словами", "навчального", "поставкой", "Rubi", "Trmp", "Zelensky",
]  # fmt: skip


@pytest.fixture(scope="module")
def names() -> Names:
    return load_names()


@pytest.mark.parametrize(("text", "entity_id", "surface"), FOUND)
def test_name_is_found_with_its_exact_words(names: Names, text: str, entity_id: str, surface: str) -> None:
    mentions = {mention.entity_id: mention for mention in names.find(text)}
    assert entity_id in mentions
    mention = mentions[entity_id]
    assert mention.surface == surface
    assert text[mention.start : mention.end] == surface


@pytest.mark.parametrize("text", NOT_FOUND)
def test_ordinary_words_are_no_names(names: Names, text: str) -> None:
    assert [m.surface for m in names.find(text) if m.entity_id != "russia"] == []


@pytest.mark.parametrize(("word", "entity_id"), SLIPS)
def test_slip_is_forgiven(names: Names, word: str, entity_id: str) -> None:
    entity = names.closest(word)
    assert entity is not None
    assert entity.id == entity_id


@pytest.mark.parametrize("word", NO_SLIPS)
def test_right_and_ordinary_words_are_no_slips(names: Names, word: str) -> None:
    assert names.closest(word) is None


def test_longer_name_wins_and_mentions_do_not_overlap(names: Names) -> None:
    text = "Trump and Volodymyr Zelensky spoke of the Zaporizhzhia nuclear plant in Zaporizhzhia, said Melania Trump"
    mentions = names.find(text)
    assert [m.entity_id for m in mentions] == ["trump", "zelensky", "znpp", "zaporizhzhia", "melania-trump"]
    assert all(left.end <= right.start for left, right in itertools.pairwise(mentions))


def test_names_joined_by_hyphens_are_told_apart(names: Names) -> None:
    assert [m.entity_id for m in names.find("the Trump-Putin call, US-Ukraine talks")] == [
        "trump", "putin", "united-states", "ukraine",
    ]  # fmt: skip


def test_a_name_does_not_run_across_sentences(names: Names) -> None:
    assert [m.entity_id for m in names.find("He left Moscow. Times have changed. It was in Abu. Dhabi too")] == [
        "moscow"
    ]


def test_preposition_is_not_taken_for_an_initial(names: Names) -> None:
    assert [m.surface for m in names.find("говорили с Лавровым, в Путина не верят")] == ["Лавровым", "Путина"]


def test_slips_are_reported_where_they_stand(names: Names) -> None:
    text = "What did Zelenksy tell Trump about Geneav?"
    assert [(m.surface, m.entity_id, text[m.start : m.end]) for m in names.slips(text)] == [
        ("Zelenksy", "zelensky", "Zelenksy"),
        ("Geneav", "geneva", "Geneav"),
    ]


def test_empty_text_names_nothing(names: Names) -> None:
    assert names.find("") == []
    assert names.slips("") == []


def test_every_entity_has_a_label_and_is_found_by_each_of_its_spellings(names: Names) -> None:
    assert len(names.entities) >= 180
    for entity in names.entities:
        assert entity.label
        assert entity.variants
        for _, spelling in entity.spellings():
            text = spelling.replace("*", "").replace("=", "").split("/")[0]
            if " " in text and text[1:2] == " ":
                text = text[0] + "." + text[1:]  # an initial
            assert entity.id in [m.entity_id for m in names.find(text)], (entity.id, spelling)


def test_every_person_and_place_of_the_seeds_is_known(names: Names) -> None:
    for path in SEEDS.glob("*.md"):
        front = yaml.safe_load(path.read_text(encoding="utf-8").split("---")[1])
        for label in [*(front.get("people") or []), *(front.get("places") or [])]:
            mentions = names.find(label)
            assert [mention.surface for mention in mentions] == [label], path.name


def test_two_entities_cannot_share_a_spelling() -> None:
    one = Entity(id="one", kind="person", label="One", uk=("Іваненко",))
    two = Entity(id="two", kind="person", label="Two", uk=("Іваненка=",))
    with pytest.raises(SettingsError, match="belongs to both one and two"):
        Names([one, two])


@pytest.mark.parametrize(
    ("name", "language", "feminine", "forms"),
    [
        ("Зеленський", "uk", False, "Зеленського Зеленському Зеленським"),
        ("Мединский", "ru", False, "Мединского Мединскому Мединским Мединском"),
        ("Умєров", "uk", False, "Умєрова Умєрову Умєровим Умєрові"),
        ("Путин", "ru", False, "Путина Путину Путиным Путине"),
        ("Сибіга", "uk", False, "Сибіги Сибізі Сибігу Сибігою"),
        ("Шмигаль", "uk", False, "Шмигаля Шмигалю Шмигалем Шмигалі"),
        ("Сергій", "uk", False, "Сергія Сергію Сергієм Сергієві"),
        ("Андрей", "ru", False, "Андрея Андрею Андреем Андрее"),
        ("Порошенко", "uk", False, "Порошенка Порошенку Порошенком Порошенкові"),
        ("Туреччина", "uk", False, "Туреччини Туреччині Туреччину Туреччиною"),
        ("Швейцария", "ru", False, "Швейцарии Швейцарию Швейцарией"),
        ("Запоріжжя", "uk", False, "Запоріжжю Запоріжжям Запоріжжі"),
        ("Зеленська", "uk", True, "Зеленської Зеленській Зеленську Зеленською"),
        ("Захарова", "ru", True, "Захаровой Захарову"),
    ],
)
def test_cases_are_made_from_the_nominative(name: str, language: str, feminine: bool, forms: str) -> None:
    assert set(forms.split()) | {name} <= case_forms(name, language, feminine=feminine)


@pytest.mark.parametrize(
    ("name", "language", "feminine"),
    [("Порошенко", "ru", False), ("Рубио", "ru", False), ("Свириденко", "uk", True), ("Меркель", "uk", True),
     ("МАГАТЕ", "uk", False), ("Putin", "en", False)],
)  # fmt: skip
def test_names_that_do_not_decline_stay(name: str, language: str, feminine: bool) -> None:
    assert case_forms(name, language, feminine=feminine) == {name}


def test_own_file_adds_entities_and_spellings(tmp_path: Path) -> None:
    extra = tmp_path / "names.yaml"
    extra.write_text(
        "- {id: zelensky, kind: person, label: Volodymyr Zelensky, en: [Ze]}\n"
        "- {id: acme, kind: body, label: Acme Institute, en: [Acme Institute], uk: [Інститут* Акме]}\n",
        encoding="utf-8",
    )
    names = load_names(extra)
    assert [m.entity_id for m in names.find("Zelensky at the Acme Institute; Інституту Акме")] == [
        "zelensky", "acme", "acme",
    ]  # fmt: skip
    assert names.entity("acme").label == "Acme Institute"
    assert names.fingerprint != load_names().fingerprint


def test_missing_own_file_adds_nothing(tmp_path: Path) -> None:
    assert load_names(tmp_path / "names.yaml").fingerprint == load_names().fingerprint


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("- {id: acme, kind: company, label: Acme, en: [Acme]}", "entry acme: kind"),
        ("- {id: acme, kind: body, label: Acme}", "entry acme: no spelling"),
        ("- {id: acme, kind: body, label: Acme, en: ['']}", "entry acme: en.0"),
        ("- {id: acme, kind: body, label: Acme, en: [Acme], cased: [ACME]}", "entry acme: cased"),
        ("- {kind: body, label: Acme, en: [Acme]}", "entry 1: id"),
        ("- {id: acme, kind: body, label: Acme, en: [Acme]}\n- {id: acme, kind: body, label: A, en: [A]}", "twice"),
        ("- {id: acme, kind: body, label: Acme, en: [Putin]}", "'Putin' belongs to both putin and acme"),
        ("acme: 1", "holds a dict"),
        ("- {id: [", "is not YAML"),
    ],
)
def test_bad_own_file_is_refused_with_the_entry_named(tmp_path: Path, content: str, message: str) -> None:
    extra = tmp_path / "names.yaml"
    extra.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        load_names(extra)


def test_own_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    extra = tmp_path / "names.yaml"
    extra.write_bytes("- {id: kyiv, kind: place, label: Київ, uk: [Київ]}".encode("cp1251"))
    with pytest.raises(SettingsError, match="cannot be read"):
        load_names(extra)

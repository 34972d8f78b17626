"""The documents that the tests of generation answer from, and the key that must not be seen."""

from pathlib import Path

KEY = "sk-not-to-be-seen-4711"

DOCUMENTS = {
    "ferry": (
        "en",
        "2026-01-22",
        "The ferry line to Corvin",
        "Mayor Ilse Brandt said on 22 January 2026 that the ferry to Corvin would sail again in March. "
        '"The pier is repaired, and that means it is safe," she told the town council. '
        "The repair cost 4,000 crowns. The harbour pilots did not agree to night crossings.\n\n"
        "Tomas Vrba, who leads the pilots, called the schedule unworkable.",
    ),
    "strike": (
        "en",
        "2026-02-10",
        "Pilots end their strike",
        "The harbour pilots of Corvin ended their strike on 10 February 2026 after 12 days. "
        "Tomas Vrba said that the pilots had won two free weekends a month. "
        "Ilse Brandt did not attend the signing.",
    ),
    "bridge-uk": (
        "uk",
        "2026-02-20",
        "Міст у Корвіні",
        "Рада Корвіна 20 лютого 2026 року погодила будівництво мосту через протоку. "
        "Міст коштуватиме 90 мільйонів крон. Мерка Ільзе Брандт назвала це рішення історичним.",
    ),
    "bridge-ru": (
        "ru",
        "2026-03-05",
        "Мост в Корвине: подрядчик",
        "Подрядчиком строительства моста в Корвине 5 марта 2026 года выбрана компания «Норд». "
        "Работы начнутся в мае и продлятся 18 месяцев.",
    ),
}


def write_documents(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, (language, date, title, text) in DOCUMENTS.items():
        front = f'---\nid: {name}\ntitle: "{title}"\ndate: {date}\nlanguage: {language}\n'
        sources = f'sources: [{{publisher: "Corvin Post", title: "{title}", date: {date}, url: null}}]\n---\n'
        (folder / f"{name}.md").write_text(front + sources + text + "\n", encoding="utf-8")

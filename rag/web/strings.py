"""What the interface says, in English, Ukrainian and Russian; the words are in `strings.yaml`."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

INTERFACE_LANGUAGES = {"en": "English", "uk": "Українська", "ru": "Русский"}
LANGUAGE_COOKIE = "parley-language"
LANGUAGE_PARAMETER = "lang"

_FILE = Path(__file__).with_name("strings.yaml")
_DEFAULT = "en"


@dataclass(frozen=True, slots=True)
class Strings:
    """The interface in one language: `strings("turn.sources")`."""

    language: str

    def __call__(self, key: str, **values: object) -> str:
        """The string of that section and name, its gaps filled. Raises KeyError for one that the file lacks."""
        section, name = key.split(".")
        return read_strings()[section][name][self.language].format(**values)

    def find(self, section: str, name: str) -> str | None:
        """The string, or None: for names that come out of data, such as kinds of document."""
        return read_strings()[section].get(name, {}).get(self.language)

    def section(self, name: str) -> dict[str, str]:
        """A whole section by name, with its gaps open."""
        return {key: texts[self.language] for key, texts in read_strings()[name].items()}

    def date(self, date: dt.date | None) -> str:
        """`22 Jan 2026`, or that it has none."""
        if date is None:
            return self("collection.undated")
        return f"{date.day} {self('collection.months').split()[date.month - 1]} {date.year}"

    def documents(self, count: int) -> str:
        """`92 documents`."""
        return self(f"collection.documents_{_plural(count, self.language)}", count=count)

    def lines(self, count: int) -> str:
        """`92 lines`, of a timeline."""
        return self(f"timeline.lines_{_plural(count, self.language)}", count=count)

    def counted(self, key: str, count: int) -> str:
        """The string of that key for so many."""
        return self(f"{key}_{_plural(count, self.language)}", count=count)

    def answerer(self, name: str) -> str:
        """Who answered, as a reader would say it: a language model by its name."""
        return self("answer_page.extractive") if name == "extractive" else name


@lru_cache(maxsize=1)
def read_strings() -> dict[str, dict[str, dict[str, str]]]:
    """Sections, names, languages."""
    return yaml.safe_load(_FILE.read_text(encoding="utf-8"))


def interface_strings(query: Mapping[str, str], cookies: Mapping[str, str], accept_language: str) -> Strings:
    """The language that the reader chose in the address or before, else the browser's, else English."""
    for chosen in (query.get(LANGUAGE_PARAMETER), cookies.get(LANGUAGE_COOKIE)):
        if chosen in INTERFACE_LANGUAGES:
            return Strings(chosen)
    return Strings(_preferred(accept_language))


def _plural(count: int, language: str) -> str:
    """The plural category (CLDR): `one`, `few` or `many`."""
    if language == "en":
        return "one" if count == 1 else "many"
    if count % 100 in range(11, 15):
        return "many"
    return "one" if count % 10 == 1 else "few" if count % 10 in (2, 3, 4) else "many"


def _preferred(accept_language: str) -> str:
    """The first of the header's languages that the interface speaks, by their weights (RFC 9110, 12.5.4)."""
    weighed = []
    for part in accept_language.split(","):
        tag, _, parameters = part.partition(";")
        weight = re.fullmatch(r"\s*q\s*=\s*([\d.]{1,5})\s*", parameters)
        language = tag.strip().split("-")[0].lower()
        if language in INTERFACE_LANGUAGES:
            weighed.append((_number(weight.group(1)) if weight else 1.0, language))
    return max(weighed, key=lambda one: one[0], default=(1.0, _DEFAULT))[1]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0

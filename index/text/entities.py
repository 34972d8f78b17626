"""The entries of the names data: what one holds, and reading a file of them.

`data/names.yaml` is a list of entries, and a user's own file has the same form. An entry has

    id, kind, label          `zelensky`, one of `person`, `place`, `body`, `object`, the name as shown
    en, uk, ru               spellings in that language, the nominative is enough: inflection.py makes the cases
    given {en, uk, ru}       first names of a person: "Volodymyr Zelensky" and "V. Zelensky" then are one mention
    needs_given: true        the family name alone may mean somebody else
    feminine: true           the name declines as a woman's
    cased: [Waltz]           spellings that count only with the capitals that they are written with

In a spelling `Київ/Києв` adds the stem that the other cases have, `Суми=` has no other form, and `украинск*` takes any
ending of up to four letters. Spellings of one or two letters ("US", "ЕС") must be in capitals, or stand after "the". A
region and its main city are one entity, and so are a country and its people.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import SettingsError
from index.text.inflection import Language

Kind = Literal["person", "place", "body", "object"]
Spelling = Annotated[str, Field(pattern=r"\w")]
LANGUAGES: tuple[Language, ...] = ("en", "uk", "ru")


class Entity(BaseModel):
    """One person, place, body or object, as the data file gives it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    kind: Kind
    label: str = Field(min_length=1)
    en: tuple[Spelling, ...] = ()
    uk: tuple[Spelling, ...] = ()
    ru: tuple[Spelling, ...] = ()
    given: dict[Language, tuple[Spelling, ...]] = {}
    needs_given: bool = False
    feminine: bool = False
    cased: tuple[str, ...] = ()

    @property
    def variants(self) -> tuple[str, ...]:
        """The spellings of all languages, as written in the data."""
        return self.en + self.uk + self.ru

    def spellings(self) -> Iterator[tuple[Language, str]]:
        """Every phrase that names the entity, with its language; first names and initials go before family names."""
        for language in LANGUAGES:
            given = self.given.get(language, ())
            initials = () if self.needs_given else dict.fromkeys(name[0] for name in given)
            fronts = (*given, *initials)
            for name in getattr(self, language):
                if not self.needs_given:
                    yield language, name
                yield from ((language, f"{front} {name}") for front in fronts)


def read_entities(path: Path) -> dict[str, Entity]:
    """The entries of a file by id. Raises SettingsError naming the file and the entry that cannot be used."""
    source = str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{source} cannot be read: {error}; make it readable, in UTF-8") from error
    try:
        rows = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or []
    except yaml.YAMLError as error:
        raise SettingsError(f"{source} is not YAML: {error}; correct it or take it away") from error
    if not isinstance(rows, list):
        raise SettingsError(f"{source} holds a {type(rows).__name__}, not a list of entries; begin each with `- id:`")
    entities: dict[str, Entity] = {}
    for number, row in enumerate(rows, start=1):
        entry = f"{source}, entry {row.get('id', number) if isinstance(row, dict) else number}"
        entity = _checked(row, entry)
        if entity.id in entities:
            raise SettingsError(f"{entry}: the id is there twice; put the spellings into one entry")
        entities[entity.id] = entity
    return entities


def spelled(entity: Entity, language: str) -> str:
    """The entity's name as a text in that language has it; its label in English and where no spelling is known."""
    spellings: tuple[str, ...] = getattr(entity, language, ())
    name = next((word for each in spellings if "*" not in (word := each.split("/")[0].rstrip("=*"))), None)
    if language == "en" or name is None:
        return entity.label
    return " ".join([*entity.given.get(language, ())[:1], name])


def merged(known: Entity, extra: Entity) -> Entity:
    """`known` with the label, the spellings and the first names of `extra` added."""
    given = {
        language: known.given.get(language, ()) + extra.given.get(language, ())
        for language in LANGUAGES
        if language in known.given or language in extra.given
    }
    longer = {language: getattr(known, language) + getattr(extra, language) for language in LANGUAGES}
    return known.model_copy(update={"label": extra.label, "given": given, "cased": known.cased + extra.cased, **longer})


def _checked(row: object, entry: str) -> Entity:
    try:
        entity = Entity.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the entry"
        raise SettingsError(f"{entry}: {where} is {first['input']!r}: {first['msg']}") from error
    if not entity.variants:
        raise SettingsError(f"{entry}: no spelling; give at least one under en, uk or ru")
    unknown = set(entity.cased) - set(entity.variants)
    if unknown:
        raise SettingsError(f"{entry}: cased {sorted(unknown)} not among its spellings; add them under en, uk or ru")
    return entity

"""Phrases of the data files as patterns. In a phrase `*` is any ending, `~` up to two words, `^` the beginning, and `|`
stands between words that may take one place."""

import re


def any_of(phrases: dict[str, list[str]]) -> re.Pattern[str]:
    """A pattern for all phrases of all languages; one that never matches where there are none."""
    spelled = [re.escape(mark) for mark in phrases.get("marks", ())]
    spelled += [_pattern(phrase) for language, group in phrases.items() if language != "marks" for phrase in group]
    return re.compile("|".join(spelled) or r"(?!)", re.IGNORECASE)


def _pattern(phrase: str) -> str:
    words = [_word(word) for word in phrase.replace("| ", "|").split()]
    return "".join(words[:-1]) + words[-1].removesuffix(r"\s+")


def _word(word: str) -> str:
    """One place of a phrase, with the space that follows it."""
    if word == "^":
        return r"^\W*"
    if word == "~":
        return r"(?:[\w’'-]+\s+){0,2}?"
    choices = "|".join(re.escape(choice).replace(r"\*", r"\w*") for choice in word.split("|"))
    return rf"\b(?:{choices})\b\s+"

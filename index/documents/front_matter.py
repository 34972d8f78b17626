"""Splits YAML front matter from the Markdown below it."""

import re

import yaml

from index.errors import DocumentError

_OPENING = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$\n?", re.MULTILINE)
_LONGEST = 100_000  # characters; the loader reads about as many in a second
_KEY = re.compile(r"[A-Za-z_]\w*:(?:\s|$)")


def split_front_matter(text: str) -> tuple[dict[str, object] | None, str]:
    """The fields above, None where there is no front matter, and the text below. Line ends must be `\\n`.

    Every scalar is a string as it is written: `no` stays a language and `2026-13-45` reaches the check of dates;
    `null`, `~` and nothing are None. Raises DocumentError for front matter that is not a YAML mapping.
    """
    opening = _OPENING.match(text)
    if not opening:
        return None, text
    closing = _CLOSING.search(text, opening.end())
    if not closing:
        if not _KEY.match(text, opening.end()):  # a rule above prose
            return None, text
        raise DocumentError("its front matter is never closed; put a line `---` below the last field")
    if closing.start() > _LONGEST:
        raise DocumentError(
            f"its front matter has {closing.start()} characters; use at most {_LONGEST}, and put text below the `---`"
        )
    return _parse(text[opening.end() : closing.start()]), text[closing.end() :]


def _parse(source: str) -> dict[str, object]:
    try:
        # The pure Python loader on purpose: libyaml's C stack overflows on deep nesting and takes the process down.
        fields = yaml.load(source, Loader=_AsWritten)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1  # counted in the file, below the `---`
        raise DocumentError(
            f"its front matter is not valid YAML: {error.problem} at line {line}; "
            "correct that line, and put values that contain `: ` or begin with a quote in quotation marks"
        ) from error
    except yaml.YAMLError as error:
        raise DocumentError("its front matter is not valid YAML: it holds a character that YAML forbids") from error
    except RecursionError as error:
        raise DocumentError("its front matter is nested too deeply; give fields plain values or lists") from error
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        kind = "a list" if isinstance(fields, list) else "plain text"
        raise DocumentError(f"its front matter is {kind}, not fields; write it as `title: …` and so on, one a line")
    return fields


class _AsWritten(yaml.BaseLoader):
    """Strings, lists and mappings, and None for an unquoted null."""

    def construct_scalar(self, node: yaml.ScalarNode) -> str | None:
        value = super().construct_scalar(node)
        return None if node.style is None and value in ("", "~", "null", "Null", "NULL") else value

"""From bytes to clean text: UTF-8 (UTF-16 where it says so), NFC, `\\n` line ends, no control characters."""

import codecs
import re
import unicodedata

from index.errors import DocumentError

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_LINE_END = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")  # JSON and YAML escapes can make them; nothing can store them


def decode_text(data: bytes) -> str:
    """The text of a file. Raises DocumentError for other encodings and for what is not text."""
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"it is not {'UTF-16, though it begins like it' if utf16 else 'UTF-8'} "
            f"(byte 0x{data[error.start]:02x} at position {error.start}); save it as UTF-8, "
            "for example with `iconv -f WINDOWS-1251 -t UTF-8` if that is what it is"
        ) from error
    return text.removeprefix("\ufeff")


def clean_text(text: str) -> str:
    """The text in NFC, with `\\n` line ends, without control characters or blanks at its ends.

    Raises DocumentError for text with NUL characters: that is binary data.
    """
    if "\0" in text:
        raise DocumentError(
            f"it holds a NUL character at position {text.index(chr(0))}, so it is binary data; save it as plain text"
        )
    text = _CONTROL.sub("", _LINE_END.sub("\n", text))
    return unicodedata.normalize("NFC", _LONE_SURROGATE.sub("\ufffd", text)).strip()


def clean_line(text: str) -> str:
    """The same on one line, each run of white space a single space: for titles and names."""
    return " ".join(clean_text(text).split())

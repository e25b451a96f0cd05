"""Bytes -> Python source: the encoding is settled here, the syntax is the student's business."""

from __future__ import annotations

import codecs
import re
from encodings import normalize_encoding
from encodings.aliases import aliases

from grader.errors import SubmissionRejected
from grader.intake.names import show_name

_CODING = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"[ \t\f]*(?:#.*)?$")
_LINE_END = re.compile(rb"\r\n?|\n")

_CODE_PAGES = (437, 720, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 865, 866, 869,
               874, 932, 949, *range(1250, 1259))  # fmt: skip
SOURCE_CODECS = frozenset(
    ["ascii", "utf_8", "utf_8_sig", "latin_1", "koi8_r", "koi8_u", "koi8_t", "kz1048", "tis_620"]
    + ["gb2312", "gbk", "gb18030", "big5", "big5hkscs", "euc_kr", "euc_jp", "johab", "shift_jis"]
    + ["mac_roman", "mac_latin2", "mac_greek", "mac_cyrillic", "mac_turkish", "mac_iceland"]
    + [f"cp{number}" for number in _CODE_PAGES]
    + [f"iso8859_{number}" for number in (*range(2, 12), *range(13, 17))]
)
"""The text codecs that contain ASCII. Not among them: those that rewrite text (rot13), expand it
(punycode, unicode_escape, zlib), or let ASCII bytes mean something else (utf-7, utf-16)."""

_BINARY_STARTS = {
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a gzip file",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"%PDF": "a PDF document",
    codecs.BOM_UTF16_LE: "UTF-16 text",
    codecs.BOM_UTF16_BE: "UTF-16 text",
}
SAVE_AS_UTF8 = "save it as UTF-8 text"


def decode_source(content: bytes, name: str) -> str:
    """Return the text with Unix line ends, or reject a file that is no text in a known encoding."""
    refuse_binary(content, name)
    body = content.removeprefix(codecs.BOM_UTF8)
    offset = len(content) - len(body)
    declared = find_coding(body)
    codec = "utf_8" if offset else find_codec(declared)
    failures: list[UnicodeDecodeError] = []
    for attempt in dict.fromkeys((codec or "utf_8", "utf_8")):
        try:
            return unify_newlines(body.decode(attempt))
        except UnicodeDecodeError as error:
            failures.append(error)
    position = failures[0].start + offset
    if not declared or offset:
        problem = f"byte {position} is not UTF-8, and no coding line declares another encoding"
    elif not codec:
        problem = (
            f"byte {position} is not UTF-8, and {show_name(declared)!r} in the coding line "
            "is not an encoding for source files"
        )
    else:
        problem = (
            f"byte {position} is not {show_name(declared)}, which the coding line declares, "
            "nor is the file UTF-8"
        )
    raise SubmissionRejected(problem, name=show_name(name), remedy=SAVE_AS_UTF8) from failures[0]


def refuse_binary(content: bytes, name: str) -> None:
    """Reject what is empty or evidently not text."""
    if not content or content == codecs.BOM_UTF8:
        raise SubmissionRejected(
            "the file is empty", name=show_name(name), remedy="hand in the file with your code"
        )
    for start, kind in _BINARY_STARTS.items():
        if content.startswith(start):
            raise SubmissionRejected(
                f"this is {kind}, not Python source", name=show_name(name), remedy=SAVE_AS_UTF8
            )
    if (position := content.find(b"\0")) >= 0:
        raise SubmissionRejected(
            f"there is a NUL byte at byte {position}, so this is not text",
            name=show_name(name),
            remedy=SAVE_AS_UTF8,
        )


def find_coding(body: bytes) -> str:
    """Return the encoding that the first or second line declares (PEP 263), or an empty string."""
    for line in _LINE_END.split(body, maxsplit=2)[:2]:
        if match := _CODING.match(line):
            return match[1].decode("ascii", "replace")
        if not _BLANK.match(line):
            break
    return ""


def find_codec(declared: str) -> str:
    """Return our codec for a declared encoding, or an empty string: nothing is imported for it."""
    name = normalize_encoding(declared).lower()
    # Editors append line-end styles, as in `utf-8-unix`; Python's own tokenizer allows them too.
    if name.startswith("utf_8_") and name != "utf_8_sig":
        name = "utf_8"
    if name.startswith(("latin_1_", "iso_8859_1_", "iso_latin_1_")):
        name = "latin_1"
    codec = aliases.get(name, aliases.get(name.replace(".", "_"), name))
    return codec if codec in SOURCE_CODECS else ""


def unify_newlines(text: str) -> str:
    r"""Return the text with `\n` at the end of each line, as Python's own reader does."""
    return text.replace("\r\n", "\n").replace("\r", "\n")

"""Encodings, and what is not text at all."""

from __future__ import annotations

import codecs

import pytest

from grader.errors import SubmissionRejected
from grader.intake import Upload, accept_uploads
from grader.intake.sources import SOURCE_CODECS, find_codec


def read(content: bytes) -> str:
    return accept_uploads([Upload("solution.py", content)], ["solution.py"]).files[0].text


def reject(content: bytes) -> str:
    with pytest.raises(SubmissionRejected) as caught:
        read(content)
    assert str(caught.value).startswith("solution.py: ")
    return str(caught.value)


def test_utf8_is_read_with_and_without_bom():
    text = "name = 'Grüße 雪'\n"
    assert text == read(text.encode())
    assert text == read(codecs.BOM_UTF8 + text.encode())


@pytest.mark.parametrize("content", [b"", codecs.BOM_UTF8])
def test_an_empty_file_is_refused(content):
    assert "empty" in reject(content)


def test_every_kind_of_line_end_becomes_a_newline():
    assert "a\nb\nc\nd" == read(b"a\r\nb\rc\nd")


def test_a_nul_byte_is_refused_with_its_position():
    assert "NUL byte at byte 3" in reject(b"x=1\0\n")


def test_the_position_of_the_first_byte_that_is_no_utf8_is_named():
    assert "byte 5 is not UTF-8" in reject(b"x = '\xe9'\n")
    assert "byte 8 is not UTF-8" in reject(codecs.BOM_UTF8 + b"x = '\xe9'\n")


@pytest.mark.parametrize(
    "line",
    [
        "# -*- coding: latin-1 -*-",
        "#!/usr/bin/python\n# vim: set fileencoding=iso-8859-15 :",
        "\n# coding=cp1252",
        "# coding: ISO-8859-1-unix",
        "# This Python file uses the following encoding: latin1",
    ],
)
def test_the_declared_encoding_is_used(line):
    text = f"{line}\nx = 'é'\n"
    assert text == read(text.encode("latin-1"))


def test_a_declared_multibyte_encoding_is_used():
    text = "# coding: gbk\nx = '雪'\n"
    assert text == read(text.encode("gbk"))


def test_a_declaration_on_the_third_line_or_after_code_is_none():
    assert "no coding line" in reject(b"\n\n# coding: latin-1\n'\xe9'")
    assert "no coding line" in reject(b"x = 1\n# coding: latin-1\n'\xe9'")


def test_utf8_under_a_wrong_declaration_is_still_utf8():
    assert "# coding: ascii\nx = 'é'\n" == read("# coding: ascii\nx = 'é'\n".encode())
    assert "# coding: nonsense\nx = 'é'\n" == read("# coding: nonsense\nx = 'é'\n".encode())


def test_a_file_in_neither_encoding_is_refused():
    message = reject(b"# coding: ascii\nx = '\xe9'\n")
    assert "byte 21 is not ascii" in message
    assert "nor is the file UTF-8" in message


@pytest.mark.parametrize(
    "codec",
    ["unicode_escape", "rot13", "punycode", "idna", "hex", "zlib", "bz2", "uu", "utf-7", "utf-16",
     "undefined", "mbcs", "raw_unicode_escape", "nonsense", "....", "encodings.rot_13", "os"],
)  # fmt: skip
def test_codecs_that_rewrite_or_expand_text_are_not_taken(codec):
    assert "" == find_codec(codec)
    assert "is not an encoding for source files" in reject(b"# coding: %b\n'\xe9'" % codec.encode())


def test_every_codec_that_is_taken_exists_and_contains_ascii():
    ascii_text = "".join(map(chr, range(0x20, 0x5C)))
    for codec in SOURCE_CODECS:
        assert codec == find_codec(codec)
        assert ascii_text == ascii_text.encode(codec.replace("_sig", "")).decode(codec)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04rest", "zip archive"),
        (b"\x1f\x8brest", "gzip"),
        ("x = 1".encode("utf-16"), "UTF-16"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_a_well_known_binary_format_is_named(content, kind):
    assert kind in reject(content)

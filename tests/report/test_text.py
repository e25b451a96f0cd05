"""What a program printed cannot move a cursor, colour a line, or reverse a sentence."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.text import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\ttext\n", "plain\ttext\n"),
        ("línea ñ 日本 👩‍🔬", "línea ñ 日本 👩‍🔬"),
        ("a\r\nb", "a\nb"),
        ("a\rb", "a␍b"),
        ("\x1b[2J", "␛[2J"),
        ("\x00\x07\x7f", "␀␇␡"),
        ("\x9b31m", "�31m"),
        ("a\u202eb\u2066c\u200f", "a�b�c�"),
        ("\ud800", "�"),
        ("a\u2028b", "a�b"),
    ],
)
def test_control_characters_become_visible(text, shown):
    assert printable(text) == shown


ALLOWED = {"\n", "\t"}


@given(st.text(st.characters()))
def test_no_control_or_direction_character_is_left(text):
    shown = printable(text)
    assert not [c for c in shown if unicodedata.category(c) == "Cc" and c not in ALLOWED]
    assert not [
        c for c in shown if unicodedata.bidirectional(c) in {"LRO", "RLO", "LRE", "RLE", "PDF"}
    ]
    assert not [c for c in shown if unicodedata.bidirectional(c) in {"LRI", "RLI", "FSI", "PDI"}]
    json.dumps(shown).encode("utf-8")
    shown.encode("utf-8")


@given(st.text(st.characters(), max_size=200))
def test_making_a_text_printable_twice_changes_nothing(text):
    assert printable(printable(text)) == printable(text)


def test_a_long_text_is_cut_and_says_so():
    assert printable("x" * 12, limit=10) == "x" * 10 + "\n[cut: 2 more characters]"

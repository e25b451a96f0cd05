"""Notebooks: cells in order, and IPython's commands taken out of them."""

from __future__ import annotations

import json

import pytest

from grader.errors import SubmissionRejected
from grader.intake import IntakeLimits, Upload, accept_uploads


def read(upload, limits=None):
    return accept_uploads([upload], ["solution.py"], limits)


def read_cell(make_notebook, source):
    taken = read(make_notebook(source, "last = 1"))
    return taken.files[0].chunks[0].text, taken.notes


def reject(upload, limits=None):
    with pytest.raises(SubmissionRejected) as caught:
        read(upload, limits)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_code_cells_become_chunks_in_order(make_notebook):
    taken = read(make_notebook("a = 1", {"cell_type": "markdown", "source": "# b"}, "c = 3"))
    assert [("a = 1", "cell 1"), ("c = 3", "cell 2")] == [
        (chunk.text, chunk.label) for chunk in taken.files[0].chunks
    ]
    assert ("solution.py", ()) == (taken.files[0].name, taken.notes)


def test_a_source_may_be_a_list_of_lines(make_notebook):
    taken = read(make_notebook({"cell_type": "code", "source": ["a = 1\r\n", "b = 2"]}))
    assert "a = 1\nb = 2" == taken.files[0].text


def test_an_empty_cell_is_no_chunk_but_keeps_its_number(make_notebook):
    taken = read(make_notebook("", " \n", "a = 1"))
    assert ["cell 3"] == [chunk.label for chunk in taken.files[0].chunks]


def test_format_3_is_read():
    cells = [{"cell_type": "code", "input": ["a = 1\n", "b = 2"], "language": "python"}]
    document = {"nbformat": 3, "worksheets": [{"cells": cells}, {"cells": cells}]}
    taken = read(Upload("solution.ipynb", json.dumps(document).encode()))
    assert ["a = 1\nb = 2"] * 2 == [chunk.text for chunk in taken.files[0].chunks]


def test_a_notebook_in_an_archive_stands_for_its_py_file(pack, make_notebook):
    content = make_notebook("a = 1").content
    upload = pack([("hw/layers.ipynb", content), ("hw/net.py", b"b = 2")])
    taken = accept_uploads([upload], ["layers.py", "net.py"])
    assert ["a = 1", "b = 2"] == [file.text for file in taken.files]


@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib inline",
        "!pip install numpy",
        "!echo don't ( [",
        "?np.dot",
        "np.dot?",
        "np.dot??",
        "files = !ls",
        "t = %timeit -o f()",
        "%time y = f(x)",
        "%",
    ],
)
def test_a_command_of_ipython_is_blanked_and_its_line_stays(make_notebook, line):
    text, notes = read_cell(make_notebook, f"a = 1\n{line}\nb = 2")
    assert "a = 1\n\nb = 2" == text
    assert f"solution.ipynb, cell 1: 1 magic or shell line left out (line 2: {line})" == notes[0]


@pytest.mark.parametrize(
    "source",
    [
        's = """\n%matplotlib inline\n!ls\n"""',
        "s = '''a\n%b\\'''\n!c'''",
        "x = (a\n% b)",
        "x = [1,  # )]\n%\n2]",
        "x = a \\\n% b",
        "s = 'it\\\n%s'",
        "x = a % b",
        "x != y",
        "d = {\n'%': 1}",
        'r"\\"\ny = "%d" % 3',
        "x = y if not z else w  # really?",
        "print('why?')",
        "x %= 3",
    ],
)
def test_what_only_looks_like_a_command_stays(make_notebook, source):
    assert (source, ()) == read_cell(make_notebook, source)


@pytest.mark.parametrize(
    "before",
    [
        "# don't",
        "x = 'a' # it's (",
        "s = 'not closed",
        's = "\\""',
        "s = '''x'''",
        "s = ''",
        "f(')')",
        "x = ']' + \"[\"",
        ")",
        's = """a"b""c"""',
        "s = '\\\\'",
        "s = f'{a[\"b\"]}'",
    ],
)
def test_a_command_after_tricky_text_is_still_found(make_notebook, before):
    assert f"{before}\n" == read_cell(make_notebook, f"{before}\n%matplotlib inline")[0]


def test_a_command_in_a_block_leaves_a_block(make_notebook):
    text, _ = read_cell(make_notebook, "if True:\n    !ls\nelse:\n\t%time f()")
    assert "if True:\n    pass\nelse:\n\tpass" == text


def test_a_command_may_go_over_several_lines(make_notebook):
    text, _ = read_cell(make_notebook, "!pip install \\\n  numpy \\\n  scipy\nx = 1")
    assert "\n\n\nx = 1" == text


@pytest.mark.parametrize("magic", ["%%time", "%%capture out", "\n%%time", "%%capture\n%%time"])
def test_time_and_capture_cost_their_own_line_only(make_notebook, magic):
    text, notes = read_cell(make_notebook, f"{magic}\nx = 1")
    assert "\n" * (magic.count("\n") + 1) + "x = 1" == text
    assert all(note.startswith("solution.ipynb, cell 1: line ") for note in notes)
    assert magic.count("%%") == len(notes)


@pytest.mark.parametrize(
    "magic", ["%%bash", "%%writefile a.py", "%%timeit", "%%time\n%%html", "%%"]
)
def test_any_other_cell_magic_drops_the_cell_with_a_note(make_notebook, magic):
    taken = read(make_notebook(f"{magic}\nx = 1", "y = 2"))
    assert ["y = 2"] == [chunk.text for chunk in taken.files[0].chunks]
    assert "solution.ipynb, cell 1: left out, because it begins with %%" in taken.notes[-1]


@pytest.mark.parametrize(
    "content",
    [
        b"not json",
        b"[]",
        b'"text"',
        b"{}",
        b'{"nbformat": 4}',
        b'{"nbformat": 4, "cells": {}}',
        b'{"nbformat": 4, "cells": [1]}',
        b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 1}]}',
        b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": ["a", null]}]}',
        b'{"nbformat": 3, "worksheets": 1}',
        b'{"nbformat": 3, "worksheets": [1]}',
        b'{"nbformat": 3, "worksheets": [{"cells": null}]}',
        b'{"a": ' * 100_000,
        b"[" * 1_000_000,
        b'{"nbformat": ' + b"9" * 10_000 + b"}",
        b"\xff\xfe",
        b'{"cells": "\xff"}',
    ],
)
def test_what_is_no_notebook_is_refused(content):
    assert reject(Upload("solution.ipynb", content)).startswith("solution.ipynb: ")


@pytest.mark.parametrize("version", [1, 2, 5, "4", None, [4]])
def test_other_formats_are_refused_with_what_to_do(version):
    content = json.dumps({"nbformat": version, "cells": []}).encode()
    assert "open it in Jupyter" in reject(Upload("solution.ipynb", content))


@pytest.mark.parametrize("character", ["\0", "\ud800", "\udfff"])
def test_a_character_that_source_cannot_hold_is_refused_with_its_cell(make_notebook, character):
    assert "cell 2 holds a character" in reject(make_notebook("a = 1", f"b = '{character}'"))


def test_a_character_beyond_the_basic_plane_is_fine(make_notebook):
    assert "s = '🎲'" == read(make_notebook("s = '🎲'")).files[0].text


def test_a_notebook_without_code_is_refused(make_notebook):
    assert "no code" in reject(make_notebook({"cell_type": "markdown", "source": "hi"}))
    assert "no code" in reject(make_notebook("%%bash\nls"))


def test_pictures_do_not_count_as_code_but_code_does(make_notebook):
    picture = {"cell_type": "code", "source": "x = 1", "outputs": ["A" * 400_000]}
    assert "x = 1" == read(make_notebook(picture)).files[0].text
    assert "bytes of code" in reject(make_notebook("x" * 200_000, "y" * 100_000))
    assert "10 cells" in reject(make_notebook(*["a"] * 11), IntakeLimits(cells=10))

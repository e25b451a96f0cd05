"""Whatever the bytes are, intake accepts or rejects; it never fails in another way."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import SubmissionRejected
from grader.intake import IntakeLimits, SubmittedFiles, Upload, accept_uploads
from grader.intake.magics import blank_magics

LIMITS = IntakeLimits(source_bytes=4096, packed_bytes=65536, unpacked_bytes=65536, members=20)
SUFFIXES = (".py", ".zip", ".tar.gz", ".tgz", ".ipynb", ".txt", "")


def settle(upload: Upload) -> SubmittedFiles | SubmissionRejected:
    """Accept or reject, and hold what was accepted to the limits."""
    try:
        taken = accept_uploads([upload], ["solution.py"], LIMITS)
    except SubmissionRejected as rejection:
        assert "\n" not in str(rejection)
        return rejection
    assert len(taken.files[0].text.encode("utf-8")) <= 2 * LIMITS.source_bytes
    assert "\0" not in taken.files[0].text
    return taken


def make_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("hw/solution.py", "x = 1\n" * 20)
        archive.writestr("hw/notes.txt", "hello")
    return stream.getvalue()


def make_tar(tar_format: int) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tar_format) as archive:
        for name in ("hw/solution.py", "hw/" + "n" * 120):
            info = tarfile.TarInfo(name)
            info.size = 6
            archive.addfile(info, io.BytesIO(b"x = 1\n"))
    return stream.getvalue()


SOUND = {
    ".zip": make_zip(),
    ".tar.gz": gzip.compress(make_tar(tarfile.GNU_FORMAT)),
    ".ipynb": json.dumps(
        {
            "nbformat": 4,
            "cells": [{"cell_type": "code", "source": ["%%time\n", "x = 'a'\n", "!ls"]}],
        }
    ).encode(),
}


@given(st.sampled_from(SUFFIXES), st.binary(max_size=2000))
def test_arbitrary_bytes_are_accepted_or_rejected(suffix, content):
    assert isinstance(
        settle(Upload(f"solution{suffix}", content)), SubmittedFiles | SubmissionRejected
    )


@pytest.mark.parametrize("suffix", SOUND)
def test_the_unharmed_ones_are_accepted(suffix):
    assert isinstance(settle(Upload(f"solution{suffix}", SOUND[suffix])), SubmittedFiles)


def mutate(content: bytes, edits: list[tuple[float, int, int]]) -> bytes:
    """Overwrite, insert or delete a byte at each of the relative places."""
    harmed = bytearray(content)
    for place, value, kind in edits:
        at = int(place * len(harmed))
        harmed[at : at + (kind < 2)] = bytes([value] * (kind > 0))
    return bytes(harmed)


EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 255), st.integers(0, 2)), min_size=1, max_size=4
)


@pytest.mark.parametrize("suffix", SOUND)
@given(edits=EDITS)
def test_damaged_files_are_accepted_or_rejected(suffix, edits):
    harmed = mutate(SOUND[suffix], edits)
    assert isinstance(
        settle(Upload(f"solution{suffix}", harmed)), SubmittedFiles | SubmissionRejected
    )


@pytest.mark.parametrize("tar_format", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@given(edits=EDITS)
def test_damaged_tars_inside_sound_gzip_are_accepted_or_rejected(tar_format, edits):
    harmed = gzip.compress(mutate(make_tar(tar_format), edits))
    assert isinstance(settle(Upload("solution.tgz", harmed)), SubmittedFiles | SubmissionRejected)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(
    st.sampled_from([3, 4]),
    st.lists(
        JSON
        | st.fixed_dictionaries(
            {"cell_type": st.just("code")}, optional={"source": JSON, "input": JSON}
        )
    ),
)
def test_any_json_is_a_notebook_or_rejected(version, cells):
    document = {"nbformat": version, "cells": cells, "worksheets": [{"cells": cells}]}
    content = json.dumps(document).encode()
    assert isinstance(settle(Upload("a.ipynb", content)), SubmittedFiles | SubmissionRejected)


@given(st.text(alphabet="a=%!?'\"\\#([)]\n \t", max_size=60))
def test_blanking_keeps_the_number_of_lines_and_all_other_lines(text):
    blanked, commands = blank_magics(text)
    before, after = text.split("\n"), blanked.split("\n")
    assert len(before) == len(after)
    changed = [
        number
        for number, pair in enumerate(zip(before, after, strict=True), 1)
        if pair[0] != pair[1]
    ]
    assert not changed or commands
    assert all(after[number - 1].strip() in ("", "pass") for number in changed)

"""Builders of uploads, sound and hostile; nothing here touches the disk."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from grader.intake import Upload

Entries = Sequence[tuple[str, bytes]]
Pack = Callable[[Entries], Upload]


def pack_zip(entries: Entries, name: str = "hw.zip") -> Upload:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in entries:
            info = zipfile.ZipInfo("placeholder")
            info.filename = path
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.NameToInfo.clear()  # or a name that comes twice would be a warning
            archive.writestr(info, content)
    return Upload(name, stream.getvalue())


def pack_tar(
    entries: Entries, name: str = "hw.tar.gz", tar_format: int = tarfile.GNU_FORMAT
) -> Upload:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tar_format) as archive:
        for path, content in entries:
            info = tarfile.TarInfo(path)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return Upload(name, gzip.compress(stream.getvalue()))


@pytest.fixture(params=["zip", "tar.gz"])
def pack(request: pytest.FixtureRequest) -> Pack:
    """Each of the two kinds of archive."""
    return pack_zip if request.param == "zip" else pack_tar


@pytest.fixture(name="pack_zip")
def pack_zip_fixture() -> Callable[..., Upload]:
    return pack_zip


@pytest.fixture(name="pack_tar")
def pack_tar_fixture() -> Callable[..., Upload]:
    return pack_tar


@pytest.fixture
def make_notebook() -> Callable[..., Upload]:
    def make(*cells: str | dict[str, Any], name: str = "solution.ipynb") -> Upload:
        full = [
            {"cell_type": "code", "source": cell} if isinstance(cell, str) else cell
            for cell in cells
        ]
        return Upload(name, json.dumps({"nbformat": 4, "cells": full}).encode())

    return make

"""What a packed assignment folder holds, read in memory."""

from __future__ import annotations

import io
import zipfile

from grader.spec.folder import SPEC_FILE, decode_utf8


def read_spec_text(archive: bytes) -> str:
    """Return assignment.toml of a folder that `pack_folder` packed."""
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        return decode_utf8(packed.read(SPEC_FILE)).replace("\r\n", "\n")

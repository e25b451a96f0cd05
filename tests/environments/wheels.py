"""Wheels made on the spot, and lock files that name them: no test here needs a network."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

TIDY = {"tidy/__init__.py": "def twice(x):\n    return 2 * x\n", "tidy/more.py": "FACTOR = 3\n"}


def make_wheel(
    folder: Path, name: str, files: Mapping[str, str], *, version: str = "1.0",
    requires: Sequence[str] = (),
) -> str:  # fmt: skip
    """Write a wheel of these files; return the line of a lock file that names it."""
    info = f"{name}-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {one}\n" for one in requires)
    contents = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{path},sha256={_encode(text)},{len(text.encode())}\n" for path, text in contents.items()
    )
    folder.mkdir(exist_ok=True)
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in contents.items():
            archive.writestr(path, text)
        archive.writestr(f"{info}/RECORD", f"{record}{info}/RECORD,,\n")
    return lock_line(wheel, name, version)


def make_source(folder: Path, name: str, setup: str) -> str:
    """Write a source package, which runs its setup.py when it is built; return its line."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        info = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
        for file, text in (("setup.py", setup), ("PKG-INFO", info)):
            member = tarfile.TarInfo(f"{name}-1.0/{file}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return lock_line(path, name, "1.0")


def lock_line(path: Path, name: str, version: str) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{name}=={version} --hash=sha256:{digest}\n"


def _encode(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

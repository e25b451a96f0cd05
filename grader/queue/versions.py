"""Assignment versions on this machine: unpacked once from the database, a few kept in memory."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.errors import AssignmentError, OperationError
from grader.spec import Assignment, load_assignment
from grader.spec.archive import unpack_archive

_MOST_LOADED = 8
_FRESH = ".fresh-"
_FORGOTTEN_AFTER_S = 24 * 3600.0

Fetch = Callable[[str], bytes]
"""Returns the bytes of an archive by its digest."""


class Versions:
    """The versions below a folder that several processes share."""

    def __init__(self, folder: Path, fetch: Fetch) -> None:
        self._folder = folder
        self._fetch = fetch
        self._loaded: OrderedDict[str, Assignment] = OrderedDict()

    def load(self, slug: str, digest: str, archive_digest: str) -> Assignment:
        """Return a version by its digest, from memory, from the folder or from the database.

        Raises
        ------
        OperationError
            Where the archive that was kept is not the version that it was kept for, or the
            folder cannot be written.
        """
        if digest not in self._loaded:
            self._loaded[digest] = self._load(slug, digest, archive_digest)
        self._loaded.move_to_end(digest)
        while len(self._loaded) > _MOST_LOADED:
            self._loaded.popitem(last=False)
        return self._loaded[digest]

    def _load(self, slug: str, digest: str, archive_digest: str) -> Assignment:
        place = self._folder / archive_digest
        for is_last in (False, True):
            if not place.exists():
                self._place(slug, archive_digest, place)
            with contextlib.suppress(AssignmentError, OSError):
                assignment = load_assignment(place / slug)
                if assignment.digest == digest:
                    return assignment
            # Cut off by a crash, or altered: the database has the whole of it.
            if not is_last:
                shutil.rmtree(place, ignore_errors=True)
        raise OperationError(
            f"the archive of {slug} is not the version {digest[:12]} that it was kept for",
            remedy="publish the assignment again",
        )

    def _place(self, slug: str, archive_digest: str, place: Path) -> None:
        """Unpack beside the place and move there in one step; whoever comes second gives way."""
        with self.unpacked(slug, archive_digest) as folder, contextlib.suppress(OSError):
            folder.parent.rename(place)

    @contextlib.contextmanager
    def unpacked(self, slug: str, archive_digest: str) -> Iterator[Path]:
        """Yield a folder of its own with all that an archive holds, gone after the block."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = Path(tempfile.mkdtemp(prefix=_FRESH, dir=self._folder))
            try:
                unpack_archive(self._fetch(archive_digest), fresh / slug)
                yield fresh / slug
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
        except OSError as error:
            raise OperationError(
                f"{error.filename or self._folder}: {error.strerror}",
                remedy="make room, or set GRADER_DATA_DIR",
            ) from error

    def forget_leftovers(self) -> None:
        """Delete what killed processes were unpacking."""
        for path in self._folder.glob(f"{_FRESH}*"):
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > _FORGOTTEN_AFTER_S:
                    shutil.rmtree(path, ignore_errors=True)

"""A course's server as `grader submit` sees it: its API, with one line for whatever goes wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import quote, urlsplit

import httpx
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from grader import __version__
from grader.errors import Conflict, GraderError, NotFound, OperationError, Refused, UsageError
from grader.report import RunStatus
from grader.text import printable

if TYPE_CHECKING:
    from grader.intake import Upload

UPLOAD_TIMEOUT_S = 120.0
"""Longer than the server itself waits for its database."""
_TIMEOUT_S = 20.0
_MOST_LINE_CHARACTERS = 500
_KINDS: Mapping[int, type[GraderError]] = {
    400: UsageError,
    403: Refused,
    404: NotFound,
    409: Conflict,
    413: UsageError,
    422: UsageError,
    429: Refused,
}


class ServerGone(OperationError):
    """The server cannot be reached, or cannot do its work, at this moment."""


class _Answer(BaseModel):
    """Something that the API sends; keys that are not known here are left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Course(_Answer):
    """A course of whoever asks."""

    slug: str
    time_zone: str


class Task(_Answer):
    """A published assignment."""

    slug: str
    files: tuple[str, ...]


class HandedIn(_Answer):
    """A submission as the server keeps it: the receipt."""

    id: int
    digest: str
    received_at: AwareDatetime
    status: RunStatus
    url: str
    notes: tuple[str, ...] = ()


class State(_Answer):
    """How far a submission is; `place` 1 is the next to be graded."""

    status: RunStatus
    place: int | None = None
    penalty: float | None = None
    final_score: float | None = None


class _Courses(_Answer):
    courses: tuple[Course, ...]


class _Tasks(_Answer):
    assignments: tuple[Task, ...]


class _Submissions(_Answer):
    submissions: tuple[HandedIn, ...]


class _Error(_Answer):
    error: str


_Kind = TypeVar("_Kind", bound=BaseModel)


class Server:
    """The API of one server, with one person's token."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        try:
            self._client = httpx.Client(
                base_url=f"{url}/api/v1",
                headers={"Authorization": f"Bearer {token}", "User-Agent": f"grader/{__version__}"},
                timeout=_TIMEOUT_S,
            )
        except (httpx.InvalidURL, ValueError) as error:
            raise UsageError(
                f"{printable(url, 200)!r} is no address, or the token is none",
                remedy="give an address such as https://grader.example.org",
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._client.close()

    def list_courses(self) -> Sequence[Course]:
        """Return the courses of the token's person."""
        return self._ask("GET", "/courses", _Courses).courses

    def list_tasks(self, course: Course) -> Sequence[Task]:
        """Return the published assignments of a course."""
        return self._ask("GET", f"/courses/{_part(course.slug)}/assignments", _Tasks).assignments

    def list_handed_in(self, course: Course, task: Task) -> Sequence[HandedIn]:
        """Return the person's own submissions to an assignment, the last one first."""
        return self._ask("GET", _address(course, task), _Submissions).submissions

    def hand_in(self, course: Course, task: Task, uploads: Sequence[Upload]) -> HandedIn:
        """Send files; return the receipt."""
        files = [("file", (one.name, one.content)) for one in uploads]
        return self._ask(
            "POST", _address(course, task), HandedIn, files=files, timeout=UPLOAD_TIMEOUT_S
        )

    def read_state(self, submission_id: int) -> State:
        """Return how far a submission is."""
        return self._ask("GET", f"/submissions/{submission_id:d}", State)

    def read_results(self, submission_id: int) -> dict[str, Any]:
        """Return results.json as this person may see it."""
        response = self._send("GET", f"/submissions/{submission_id:d}/results")
        try:
            results = response.json()
        except ValueError as error:
            raise self._not_understood() from error
        if not isinstance(results, dict):
            raise self._not_understood()
        return results

    def _ask(self, method: str, path: str, kind: type[_Kind], **options: Any) -> _Kind:
        response = self._send(method, path, **options)
        try:
            return kind.model_validate_json(response.content)
        except ValidationError as error:
            raise self._not_understood() from error

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            response = self._client.request(method, path, **options)
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise self._not_understood() from error
        except httpx.RequestError as error:
            reason = printable(str(error), 200) or type(error).__name__
            raise ServerGone(
                f"{self.url} cannot be reached ({reason})",
                remedy="check the address and the network, and try again",
            ) from error
        if not response.is_success:
            raise self._refusal(response)
        return response

    def _refusal(self, response: httpx.Response) -> GraderError:
        status = response.status_code
        if response.has_redirect_location:
            target = urlsplit(response.headers["location"])
            return UsageError(
                f"{self.url} sends elsewhere: {target.scheme}://{printable(target.netloc, 200)}",
                remedy="give the address that your browser shows",
            )
        if status == httpx.codes.UNAUTHORIZED:
            return UsageError(
                f"{self.url} does not know this token, or it has ended",
                remedy="make one on the page of your account, and run `grader token save`",
            )
        line = _line_of(response)
        if status == httpx.codes.INTERNAL_SERVER_ERROR:
            return OperationError(f"{self.url} failed ({line or 'it does not say how'})")
        if response.is_server_error:
            return ServerGone(f"{self.url} cannot do this now ({line or f'status {status}'})")
        if not line:
            return self._not_understood()
        return _KINDS.get(status, UsageError)(line)

    def _not_understood(self) -> GraderError:
        return UsageError(
            f"what answers at {self.url} is not a grader of this version",
            remedy="check the address with your course",
        )


def _line_of(response: httpx.Response) -> str:
    try:
        return printable(_Error.model_validate_json(response.content).error, _MOST_LINE_CHARACTERS)
    except ValidationError:
        return ""


def _address(course: Course, task: Task) -> str:
    return f"/courses/{_part(course.slug)}/assignments/{_part(task.slug)}/submissions"


def _part(slug: str) -> str:
    return quote(slug, safe="")

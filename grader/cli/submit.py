"""`grader submit`: hands in over HTTP, follows the run, prints what `grader check` prints."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from grader.cli.received import read_report
from grader.cli.render import plain, print_line, print_report, show_state
from grader.cli.server import Course, HandedIn, Server, ServerGone, State, Task
from grader.cli.tokens_saved import check_url, read_saved, read_token
from grader.errors import NotFound, OperationError, UsageError
from grader.intake import IntakeLimits, accept_uploads, read_paths
from grader.policy import format_moment
from grader.report import RunStatus
from grader.settings import Settings, load_settings
from grader.text import printable

if TYPE_CHECKING:
    from grader.intake import Upload

_MOST = 1 << 30
_GENEROUS = IntakeLimits(_MOST, _MOST, _MOST, 1 << 20, 1 << 20)
"""How much is too much the server decides."""
_TRY_AGAIN_S = 2.0
_GIVE_UP_S = 120.0
"""How long a server may be gone before the command says so and ends."""
_POLL_S, _POLL_GROWTH, _LONGEST_POLL_S = 0.3, 1.2, 3.0
_POLL_S_A_PLACE = 0.1
_MOST_POLL_S = 15.0
_Told = TypeVar("_Told")
_OVER = (RunStatus.GRADED, RunStatus.FAILED, RunStatus.SUPERSEDED, RunStatus.CANCELLED)


def run_submit(
    name: str,
    paths: list[Path],
    *,
    server: str,
    course: str,
    is_token_from_stdin: bool,
    is_again: bool,
    is_json: bool,
) -> int:
    """Hand in, follow, print, and return the exit status."""
    settings = load_settings()
    url, token = _find_server(settings, server, is_token_from_stdin=is_token_from_stdin)
    uploads = read_paths(paths, _GENEROUS)
    with Server(url, token) as api:
        place, task = _find_task(api, name, course)
        digest = accept_uploads(uploads, task.files, _GENEROUS).digest
        with show_state("handing in") as show:
            handed_in = _hand_in(api, place, task, uploads, digest, show, is_again=is_again)
        _tell_receipt(handed_in, place)
        try:
            with show_state("") as show:
                state = _follow(api, handed_in, show)
        except KeyboardInterrupt:
            _tell(f"it is graded without you: {handed_in.url}")
            raise
        if state.status is not RunStatus.GRADED:
            raise OperationError(
                f"submission {handed_in.id} is {state.status.value}: the grader could not judge it",
                remedy=f"it costs no attempt, and staff see it; look again at {handed_in.url}",
            )
        results = _patiently(lambda: api.read_results(handed_in.id), handed_in)
    if is_json:
        sys.stdout.write(json.dumps(results, indent=2) + "\n")
    report = read_report(results)
    if not is_json:
        print_report(report)
        _tell_penalty(state)
    return 0 if report.is_full_score else 1


def _find_server(settings: Settings, given: str, *, is_token_from_stdin: bool) -> tuple[str, str]:
    """Return where to hand in and with which token: options, then settings, then what is saved."""
    needs_saved = not (given or settings.server_url) or not (is_token_from_stdin or settings.token)
    saved = read_saved(settings) if needs_saved else None
    url = given or settings.server_url or (saved.server if saved else "")
    if not url:
        raise UsageError(
            "no server is known",
            remedy="run `grader token save --server URL` once, or give --server",
        )
    url = check_url(url)
    if is_token_from_stdin:
        return url, read_token("Token: ")
    token = settings.token or (saved.tokens.get(url, "") if saved else "")
    if not token:
        raise UsageError(
            f"there is no token for {url}",
            remedy=f"make one on the page of your account, then `grader token save --server {url}`",
        )
    return url, token


def _find_task(api: Server, name: str, course_slug: str) -> tuple[Course, Task]:
    """Return the assignment of that name, in the course that was named or the only one."""
    courses = [one for one in api.list_courses() if course_slug in ("", one.slug)]
    if not courses:
        where = f"in a course {printable(course_slug, 80)!r}" if course_slug else "in any course"
        raise NotFound(f"you are not {where} there", remedy="ask your course's staff")
    offered = [(course, task) for course in courses for task in api.list_tasks(course)]
    found = [(course, task) for course, task in offered if task.slug == name]
    if len(found) > 1:
        slugs = ", ".join(course.slug for course, _ in found)
        raise UsageError(f"{name!r} is in several courses: {slugs}", remedy="name one by --course")
    if not found:
        names = ", ".join(dict.fromkeys(task.slug for _, task in offered)) or "none is published"
        raise NotFound(f"there is no assignment {printable(name, 80)!r}", remedy=f"there: {names}")
    return found[0]


def _hand_in(
    api: Server,
    course: Course,
    task: Task,
    uploads: Sequence[Upload],
    digest: str,
    show: Callable[[str], None],
    *,
    is_again: bool,
) -> HandedIn:
    """Send the files; where the answer is lost, look whether they arrived before sending again."""
    last = _find_last(api, course, task)
    if last and last.digest == digest and last.status is not RunStatus.FAILED and not is_again:
        _tell("this is what you handed in last; it is not handed in again (--again does)")
        return last
    gone_since: float | None = None
    while True:
        try:
            if gone_since is not None:
                arrived = _find_last(api, course, task)
                if arrived and arrived.digest == digest and arrived.id != (last and last.id):
                    return arrived
            return api.hand_in(course, task, uploads)
        except ServerGone as error:
            gone_since = gone_since or time.monotonic()
            if time.monotonic() - gone_since > _GIVE_UP_S:
                raise ServerGone(
                    f"{error.problem}; it is not known whether your files arrived",
                    remedy="run the same command again later: what has arrived is not sent twice",
                ) from error
            show(f"{error.problem}; trying again")
            time.sleep(_TRY_AGAIN_S)


def _find_last(api: Server, course: Course, task: Task) -> HandedIn | None:
    return next(iter(api.list_handed_in(course, task)), None)


def _follow(api: Server, handed_in: HandedIn, show: Callable[[str], None]) -> State:
    """Show how far the submission is until it is over."""
    pause_s = _POLL_S
    while True:
        state = _patiently(lambda: api.read_state(handed_in.id), handed_in, show)
        if state.status in _OVER:
            return state
        if state.status is RunStatus.QUEUED and state.place:
            show(f"submission {handed_in.id}: queued, place {state.place}")
        else:
            show(f"submission {handed_in.id}: {state.status.value}")
        time.sleep(pause_s)
        longest_s = min(_LONGEST_POLL_S + _POLL_S_A_PLACE * (state.place or 0), _MOST_POLL_S)
        pause_s = min(pause_s * _POLL_GROWTH, longest_s)


def _patiently(
    ask: Callable[[], _Told], handed_in: HandedIn, show: Callable[[str], None] | None = None
) -> _Told:
    """Return what the server says, waiting a while where it is gone."""
    gone_since: float | None = None
    while True:
        try:
            return ask()
        except ServerGone as error:
            gone_since = gone_since or time.monotonic()
            if time.monotonic() - gone_since > _GIVE_UP_S:
                raise ServerGone(
                    f"{error.problem}; submission {handed_in.id} is kept and nothing is lost",
                    remedy=f"look at it later: {handed_in.url}",
                ) from error
            if show:
                show(f"{error.problem}; submission {handed_in.id} is kept; trying again")
            time.sleep(_TRY_AGAIN_S)


def _tell_receipt(handed_in: HandedIn, course: Course) -> None:
    try:
        zone = ZoneInfo(course.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = ZoneInfo("UTC")
    received = format_moment(handed_in.received_at, zone)
    _tell(f"submission {handed_in.id}, received {received}, digest {handed_in.digest[:12]}")
    _tell(handed_in.url)


def _tell_penalty(state: State) -> None:
    if state.penalty and state.final_score is not None:
        taken, left = Decimal(str(state.penalty)), Decimal(str(state.final_score))
        print_line(f"Lateness takes {plain(taken)} of it: {plain(left)} count.")


def _tell(line: str) -> None:
    # stdout is for results.json, or for the table.
    sys.stderr.write(printable(line) + "\n")

"""How far a submission is, without reloading: a stream of events, or a poll for want of room.

A stream holds a thread of the server, so that there may only be so many. A page without one asks
again at intervals that grow with the queue. Each stream ends by handing its page back to polling.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, g, render_template, request, stream_with_context
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from grader.errors import DatabaseUnavailable
from grader.permissions import Permission
from grader.report import RunStatus
from grader.store import Session, runs, submissions
from grader.store.tables import Run, Submission
from grader.web import access, sessions
from grader.web.results import audience_of, shown_result, shown_run
from grader.web.site import EXTENSION, Site, current_site

room = Blueprint("live", __name__)

LOOK_EVERY_S = 0.5
LOOKS_TO_PLACE, LOOKS_TO_PERSON = 4, 10
"""So many looks pass before the place in the queue, or who is signed in, is asked for again."""
COMMENT_EVERY_S = 15.0
"""Proxies close a connection on which nothing is said; a comment also tells us who has gone."""
LONGEST_STREAM_S = 600.0
STREAMS_EACH = 3
"""Streams of one person: as many tabs as somebody watches at once."""
LONGEST_POLL_S = 30
_STREAMS = "grader.streams"
_END = "event: end\ndata:\n\n"
"""What `hx-sse:close` of templates/student/_live.html waits for."""
_OPEN = (RunStatus.QUEUED, RunStatus.RUNNING)
_CAN_SEE = access.submission(Permission.SEE_SUBMISSIONS, or_own=True)


@dataclass(frozen=True, slots=True)
class Status:
    """How far a submission is, as its reader may know it."""

    submission_id: int
    run_id: int
    status: RunStatus
    place: int | None
    """0 is running, 1 the next; None once it is over."""
    sentence: str

    @property
    def is_open(self) -> bool:
        """Whether there is something to wait for."""
        return self.status in _OPEN

    @property
    def poll_s(self) -> int:
        """Seconds until it is worth asking again."""
        return min(LONGEST_POLL_S, max(1, self.place or 0))


class Streams:
    """The streams that are open in this process, and how many there may be."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._of_person: Counter[int] = Counter()
        self._lock = threading.Lock()

    def enter(self, person_id: int) -> bool:
        """Take a place; False where there is none left."""
        with self._lock:
            is_full = self._of_person.total() >= self.most
            if is_full or self._of_person[person_id] >= STREAMS_EACH:
                return False
            self._of_person[person_id] += 1
            return True

    @property
    def n_open(self) -> int:
        """How many are open now."""
        return self._of_person.total()

    def leave(self, person_id: int) -> None:
        """Give the place back."""
        with self._lock:
            self._of_person[person_id] -= 1
            self._of_person += Counter()  # forgets those who have none


@room.record_once
def _count_streams(state: BlueprintSetupState) -> None:
    here: Site = state.app.extensions[EXTENSION]
    # The other half of the threads answers everything else.
    state.app.extensions[_STREAMS] = Streams(here.settings.web_threads // 2)


@room.get("/submissions/<int:submission_id>/status")
@access.allow(_CAN_SEE)
def show_status() -> ResponseReturnValue:
    """Say how far a submission is: a piece of its page, which tells when to ask again."""
    with current_site().database.read() as session:
        return _render(read_status(session, g.submission), is_polled=True)


@room.get("/submissions/<int:submission_id>/events")
@access.allow(_CAN_SEE)
def stream_events() -> ResponseReturnValue:
    """Send what `show_status` shows whenever it changes, until the submission is graded.

    Where there is no room for another stream, this one ends at once and the page polls. It is not
    refused: htmx would come back twice a second.
    """
    streams: Streams = current_app.extensions[_STREAMS]
    person_id = g.person.id
    if not streams.enter(person_id):
        return _event_stream(stream_with_context(_hand_back()))
    response = _event_stream(stream_with_context(_watch()))
    # Also where nobody ever reads the stream: a generator that was not begun has no `finally`.
    response.call_on_close(lambda: streams.leave(person_id))
    return response


def read_status(session: Session, submission: Submission) -> Status:
    """Return how far a submission is; staff see a rerun, a student what the page shows."""
    fresh = submissions.find_submission(session, submission.id) or submission
    is_staff = Permission.SEE_SUBMISSIONS in g.permissions and not g.is_own
    run = fresh.runs[-1] if is_staff else shown_run(fresh)
    if run.status in _OPEN:
        # Most looks of a stream end here: nothing else is read for them.
        return _describe(fresh.id, run, runs.place_in_queue(session, run.id), "")
    summary = ""
    if not is_staff:
        audience = audience_of(session, fresh.offering, (), g.now)
        report = shown_result(session, fresh, audience).report
        summary = report.summary if report else ""
    return _describe(fresh.id, run, None, summary)


def _describe(submission_id: int, run: Run, place: int | None, summary: str) -> Status:
    if run.status is RunStatus.QUEUED:
        sentence = "Next in line." if place == 1 else f"Number {place} in the queue."
    elif run.status is RunStatus.RUNNING:
        sentence = "Your code is being run."
    elif run.status is RunStatus.FAILED:
        sentence = "The grader failed here; this costs nothing. Staff have been told."
    else:
        sentence = f"{summary}." if summary else ""
    return Status(submission_id, run.id, run.status, place, sentence)


def _render(status: Status, *, is_polled: bool) -> str:
    return render_template(
        "student/_status.html",
        status=status,
        poll_s=status.poll_s if is_polled and status.is_open else None,
        is_news=not status.is_open,
    )


def _watch() -> Iterator[str]:
    """Yield the messages of a stream."""
    here = current_site()
    ends_s = time.monotonic() + LONGEST_STREAM_S
    said_s = time.monotonic()
    has_gone = request.environ.get("waitress.client_disconnected", lambda: False)
    seen: object = None
    status: Status | None = None
    with suppress(DatabaseUnavailable):  # a poll says what is the matter
        for look in itertools.count():
            if time.monotonic() >= ends_s or has_gone():
                break
            said = status
            with here.database.read() as session:
                if look % LOOKS_TO_PERSON == 0 and not sessions.identify(session, here.clock()):
                    break  # a poll leads to the sign-in page
                states = runs.list_states(session, g.submission.id)
                if states != seen or look % LOOKS_TO_PLACE == 0:
                    status, seen = read_status(session, g.submission), states
            if status is not None and status != said:
                yield _write_event(_render(status, is_polled=False))
                said_s = time.monotonic()
            elif time.monotonic() - said_s >= COMMENT_EVERY_S:
                yield ": waiting\n\n"
                said_s = time.monotonic()
            if status is not None and not status.is_open:
                yield _END
                return
            time.sleep(LOOK_EVERY_S)
    yield from _hand_back()


def _hand_back() -> Iterator[str]:
    """Yield what makes a page poll, and close its stream."""
    yield _write_event(
        render_template("student/_poll.html", submission_id=g.submission.id, poll_s=1)
    )
    yield _END


def _write_event(html: str) -> str:
    lines = "".join(f"data: {line}\n" for line in html.splitlines())
    return f"{lines}\n"


def _event_stream(messages: Iterator[str]) -> Response:
    # Without the second header nginx would keep the messages until there are many.
    headers = {"X-Accel-Buffering": "no"}
    return Response(messages, mimetype="text/event-stream", headers=headers)

"""What must not be seen of hidden checks, and every place where a student could look for it."""

from __future__ import annotations

import itertools
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from io import BytesIO

from structlog.testing import capture_logs
from werkzeug.wrappers import Response

from grader.spec import Visibility
from tests.web.marked import ODD_SIZES, OWN_VALUES, POINTS, RIGHT_VALUE, SEED, TIMES
from tests.web.routes import API, ROUTES, list_routes
from tests.web.world import Browser, World

HIDDEN = (Visibility.AFTER_DUE, Visibility.AFTER_PUBLISHED, Visibility.NEVER)


def betrayals(hidden: Iterable[Visibility]) -> dict[str, re.Pattern[str]]:
    """Return what must not be seen while checks of these visibilities are hidden."""
    hidden = tuple(hidden)
    words = {
        visible.value: re.compile(f"zq-{visible.value.replace('_', '-')}", re.IGNORECASE)
        for visible in hidden
    }
    words["draft"] = re.compile("zq-draft")
    words["seed"] = re.compile(str(SEED))
    words["right value"] = _number(f"{RIGHT_VALUE:.3g}", f"{RIGHT_VALUE:.3g}".replace("+", ""))
    for visible in hidden:
        own = f"{OWN_VALUES[visible]:.3g}"
        words[f"{visible.value} values"] = _number(own, own.replace("+", ""))
        words[f"{visible.value} size"] = _number(str(ODD_SIZES[visible]))
    for unit, amounts in (("points", POINTS), ("seconds", TIMES)):
        for total in _totals(amounts, hidden):
            shown = (str(total), f"{total:.3f}", f"{total:.2f}".rstrip("0").rstrip("."))
            words[f"{total} {unit}"] = _number(*shown)
    return words


def _number(*written: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\d.])(?:{'|'.join(map(re.escape, written))})(?!\d)")


def _totals(amounts: Mapping[Visibility, str], hidden: tuple[Visibility, ...]) -> Iterator[Decimal]:
    """Yield every sum of hidden amounts, alone and with what is known."""
    known = sum((Decimal(amounts[v]) for v in amounts if v not in hidden), Decimal(0))
    for size in range(1, len(hidden) + 1):
        for group in itertools.combinations(hidden, size):
            total = sum((Decimal(amounts[visible]) for visible in group), Decimal(0))
            yield from (total, total + known)


def find_betrayals(text: str, hidden: Iterable[Visibility]) -> list[str]:
    return [name for name, pattern in betrayals(hidden).items() if pattern.search(text)]


def reachable(
    world: World, name: str, *, submission_id: int = 1
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield every address of the table and how to ask: what refuses must not tell either."""
    assert set(ROUTES) == set(list_routes(world.app)), "a route has no row in the table"
    browser = world.client(name)
    headers = {"Authorization": f"Bearer {world.personal_token(name)}"}
    for route, cases in ROUTES.items():
        if not route.startswith("GET"):
            continue
        for case in cases:
            options = {"headers": headers} if case.path.startswith(API) else {}
            path = re.sub(r"(?<=/submissions/)1\b", str(submission_id), case.path)
            yield path, partial(read, browser, path, **options)


def read(browser: Browser, path: str, **options: object) -> bytes:
    """Return all that an address answers: headers, body, what a zip holds, the whole stream."""
    with browser.get(path, **options) as answer:
        body: bytes = answer.data
        told = told_by(answer).encode()
    if body.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(body)) as archive:
            told += b"".join(archive.read(one) for one in archive.namelist())
    return told


def told_by(answer: Response) -> str:
    """Return status, headers and body of an answer."""
    body: bytes = answer.data
    return f"{answer.status}\n{answer.headers}\n{body.decode('utf-8', 'replace')}"


def crawl(world: World, name: str, start: str = "/") -> dict[str, bytes]:
    """Follow every link of every page, beginning at one."""
    browser = world.client(name)
    waiting, found = [start], {}
    while waiting:
        path = waiting.pop()
        if path in found or path.startswith("/static/"):
            continue
        found[path] = read(browser, path)
        links = re.findall(rb'(?:href|src|hx-get|hx-sse:connect|action)="(/[^"#]*)', found[path])
        waiting += [link.decode().replace("&amp;", "&") for link in links]
        assert len(found) < 200, "the links do not end"
    return found


def assert_nothing_told(world: World, name: str, hidden: Iterable[Visibility] = HIDDEN) -> None:
    hidden = tuple(hidden)
    with capture_logs() as log:
        told = {path: ask() for path, ask in reachable(world, name)}
        told |= crawl(world, name)
    assert len(told) > 25
    for path, answer in told.items():
        assert [] == find_betrayals(answer.decode("utf-8", "replace"), hidden), f"{name} at {path}"
    assert [] == find_betrayals(repr(log), hidden)

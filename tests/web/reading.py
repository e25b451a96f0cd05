"""Reading pages as people do, and moving what pages tell them."""

from __future__ import annotations

import datetime
import html
import re
from typing import Any

from grader.spec import read_policy
from grader.store import offerings
from grader.store.tables import AdjustmentKind
from tests.web.world import DUE, START, World

PAGE = "/courses/ml-2026/hw1"


def text_of(answer: Any) -> str:
    """What a reader sees of a page: no tags, single spaces."""
    page = re.sub(r"<(script|style|head)\b.*?</\1>", " ", answer.get_data(as_text=True), flags=re.S)
    text = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())
    return re.sub(r"(?<=\() | (?=[).,;:])", "", text)


def set_policy(world: World, **changes: Any) -> None:
    table = {"opens_at": START.isoformat(), "due_at": DUE.isoformat(), **changes}
    with world.database.begin() as session:
        offerings.set_policy(
            session,
            world.offering.id,
            read_policy({key: value for key, value in table.items() if value is not None}),
            person_id=world.person_id("david"),
            now=world.now,
        )


def extend(world: World, name: str, due_at: datetime.datetime) -> None:
    with world.database.begin() as session:
        offerings.adjust(
            session,
            world.offering.id,
            kind=AdjustmentKind.EXTENSION,
            person_id=world.person_id(name),
            due_at=due_at,
            by=world.person_id("david"),
            now=world.now,
        )

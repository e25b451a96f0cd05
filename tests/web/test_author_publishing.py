"""A draft is published once its validation holds, as it was shown, and by one of two people."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator

import pytest

from grader.errors import GraderError
from grader.queue.runner import work_on
from grader.queue.slots import choose_tier
from grader.queue.stopping import StopNotice
from grader.queue.workplace import open_workplace
from grader.report import RunStatus
from grader.store import audit
from tests.web.forms import find_form, find_forms
from tests.web.records import (
    end_validation,
    fail_run,
    get_offering,
    get_validation,
)
from tests.web.world import DUE, write_assignment

HW1, HW3 = "/courses/ml-2026/hw1/author", "/courses/ml-2026/hw3/author"
RIGHT = {
    "name": "solution",
    "expectation": "full score",
    "score": "25.109375",
    "max_score": "25.109375",
    "holds": True,
    "problems": [],
}
WRONG = {
    "name": "transposed",
    "expectation": "fails affine",
    "score": "25.109375",
    "max_score": "25.109375",
    "holds": False,
    "problems": ["affine passes and must fail", "<script>alert(1)</script>\x1b[31m"],
}


@pytest.fixture
def world(world):
    """The site, with a draft hw3 that is still to be validated."""
    folder = write_assignment(world.folder / "fresh" / "hw3", title="zq-draft-title")
    world.upload(folder, world.now)
    return world


def upload_again(world, **changed):
    """Upload hw1 once more, with other texts in its assignment.toml."""
    folder = write_assignment(world.folder / f"again-{len(world.sent)}-{len(changed)}" / "hw1")
    text = (folder / "assignment.toml").read_text()
    for before, after in changed.values():
        assert before in text
        text = text.replace(before, after)
    (folder / "assignment.toml").write_text(text)
    world.upload(folder, world.now)


def read(world, slug="hw3"):
    return get_offering(world, slug)


def test_while_it_is_validated_the_page_asks_again_and_offers_nothing(world):
    page = world.client("david").get(HW3)
    assert f'hx-get="{HW3}/validation"' in page.text
    assert 'http-equiv="refresh"' in page.text
    assert not [form for form in find_forms(page) if form.action.endswith("/publish")]
    piece = world.client("david").get(f"{HW3}/validation").text
    assert "Waiting" in piece
    assert "hx-trigger" in piece


def test_the_table_is_there_as_soon_as_it_is_done(world):
    end_validation(world, "hw3", RIGHT, WRONG)
    page = world.client("david").get(HW3).text
    for told in ("solution", "full score", "fails affine", "affine passes and must fail"):
        assert told in page, told
    assert "1 of 2 findings does not hold" in page
    assert "<script>alert" not in page
    assert "\x1b" not in page
    assert 'http-equiv="refresh"' not in page
    piece = world.client("david").get(f"{HW3}/validation").text
    assert 'hx-select="#findings"' in piece
    assert 'hx-trigger="every' not in piece


def test_a_draft_that_does_not_hold_cannot_be_published(world):
    end_validation(world, "hw3", RIGHT, WRONG)
    browser = world.client("david")
    assert not [form for form in find_forms(browser.get(HW3)) if form.action.endswith("/publish")]
    archive = read(world).draft_archive_digest
    assert 403 == browser.post(f"{HW3}/publish", {"archive": archive}).status_code
    assert read(world).published_version_id is None


def test_what_the_author_must_mend_is_said(world):
    end_validation(
        world, "hw3", error="solution.py: line 3: NameError: name 'nmupy' is not defined"
    )
    page = world.client("david").get(HW3).text
    assert "solution.py: line 3: NameError: name &#39;nmupy&#39; is not defined." in page


def test_what_publishing_does_is_said_and_done(world):
    end_validation(world, "hw3", RIGHT)
    browser = world.client("david")
    page = browser.get(HW3)
    digest = read(world).draft_version.digest[:12]
    for told in (
        "for the first time",
        "zq-draft-title",
        digest,
        "25.11",
        "3 of them hidden at first",
        "Mon 5 Oct 2026, 09:00 UTC",
        "Wed 14 Oct 2026, 22:00 UTC",
        "10 % off for each day late",
        "the best submission",
    ):
        assert told in page.text, told
    answer = find_form(page, f"Publish version {digest}").send(browser)
    assert (303, HW3) == (answer.status_code, answer.location)
    published = read(world)
    assert (published.draft_version_id, DUE) == (published.published_version_id, published.due_at)
    assert 200 == world.client("ada").get("/courses/ml-2026/hw3").status_code
    with world.database.read() as session:
        entries = audit.list_audit(session, "offering", published.id)
    assert ("published", world.person_id("david")) == (entries[-1].action, entries[-1].person_id)
    assert "there is nothing to publish" in browser.get(HW3).text


def test_what_changes_against_what_is_published_is_said(world):
    upload_again(
        world,
        title=('title = "Affine layers"', 'title = "Affine maps"'),
        points=("points = 2\n", "points = 3\n"),
        due=("2026-10-14T22:00:00Z", "2026-10-15T22:00:00Z"),
    )
    end_validation(world, "hw1", RIGHT)
    page = world.client("david").get(HW1).text
    for told in (
        "What changes",
        "Affine maps",
        "25.109375",
        "26.109375",
        "2 points, visible always",
        "3 points, visible always",
        "Thu 15 Oct 2026, 22:00 UTC",
        "One submission was handed in to the version that is published now. It keeps its score",
    ):
        assert told in page, told
    assert "Affine maps" not in world.client("ada").get("/courses/ml-2026").text


@pytest.mark.parametrize(("choice", "day"), [("kept", 14), ("folder", 15)])
def test_dates_that_hold_are_kept_or_replaced_as_was_chosen(world, choice, day):
    upload_again(world, due=("2026-10-14T22:00:00Z", "2026-10-15T22:00:00Z"))
    end_validation(world, "hw1", RIGHT)
    browser = world.client("david")
    form = find_form(
        browser.get(HW1), f"Publish version {read(world, 'hw1').draft_version.digest[:12]}"
    )
    unchosen = form.send(browser)
    assert 400 == unchosen.status_code
    assert "choose which of them shall hold" in unchosen.text
    assert 303 == form.send(browser, terms=choice).status_code
    assert day == read(world, "hw1").due_at.day
    assert "there is nothing to publish" in browser.get(HW1).text


def test_of_two_instructors_who_publish_at_once_the_second_is_told(world):
    end_validation(world, "hw3", RIGHT)
    david, leonhard = world.client("david"), world.client("leonhard")
    button = f"Publish version {read(world).draft_version.digest[:12]}"
    forms = [find_form(browser.get(HW3), button) for browser in (david, leonhard)]
    assert 303 == forms[0].send(david).status_code
    answer = forms[1].send(leonhard)
    assert 303 == answer.status_code
    assert "published already" in leonhard.get(answer.location).text
    with world.database.read() as session:
        entries = audit.list_audit(session, "offering", read(world).id)
    assert 1 == [entry.action for entry in entries].count("published")


def test_a_draft_that_the_page_did_not_show_is_not_published(world):
    end_validation(world, "hw3", RIGHT)
    browser = world.client("david")
    form = find_form(browser.get(HW3), f"Publish version {read(world).draft_version.digest[:12]}")
    world.upload(write_assignment(world.folder / "other" / "hw3", title="Other"), world.now)
    end_validation(world, "hw3", RIGHT)
    answer = form.send(browser)
    assert 409 == answer.status_code
    assert "uploaded another draft since" in answer.text
    assert read(world).published_version_id is None


def test_a_validation_that_failed_through_us_says_so_and_can_be_repeated(world):
    fail_run(world, get_validation(world, "hw3").id, "no <b>jail</b>\x1b[0m")
    browser = world.client("david")
    page = browser.get(HW3)
    assert "The grader failed on this validation" in page.text
    assert "no &lt;b&gt;jail&lt;/b&gt;" in page.text
    assert 303 == find_form(page, "Validate again").send(browser).status_code
    again = get_validation(world, "hw3")
    assert (RunStatus.QUEUED, [again.id]) == (again.status, world.sent)
    assert 409 == browser.post(f"{HW3}/validate").status_code


def test_scores_are_published_and_withdrawn_with_a_trace(world):
    browser = world.client("david")
    assert 303 == find_form(browser.get(HW1), "Publish scores").send(browser).status_code
    assert world.now == read(world, "hw1").scores_published_at
    assert 303 == find_form(browser.get(HW1), "Withdraw scores").send(browser).status_code
    assert read(world, "hw1").scores_published_at is None
    with world.database.read() as session:
        entries = audit.list_audit(session, "offering", world.offering.id)
    assert ["scores_published", "scores_withdrawn"] == [entry.action for entry in entries][-2:]


def test_nobody_else_publishes(world):
    end_validation(world, "hw3", RIGHT)
    form = {"archive": read(world).draft_archive_digest, "shown": "yes"}
    for who, status in (("ada", 404), ("emmy", 403), ("grace", 403)):
        browser = world.client(who)
        for part in ("publish", "validate", "scores"):
            assert status == browser.post(f"{HW3}/{part}", form).status_code, (who, part)
    assert read(world).published_version_id is None


SPEC = """
title = "Doubling"
[inputs.some]
x = {normal = [3]}
[[checks]]
id = "double"
kind = "output"
inputs = "some"
run = "out = double(x)"
compare = ["out"]
"""


@pytest.fixture
def work(world, require: Callable[[object, str], None]) -> Iterator[Callable[[int], None]]:
    """A function that does a run as a worker does it, in a real sandbox."""
    try:
        tier = choose_tier(world.site.settings)
    except GraderError as error:
        require(False, str(error))
        raise
    place = open_workplace(world.site.settings, tier, StopNotice())
    yield lambda run_id: work_on(run_id, place)
    place.close()


@pytest.mark.parametrize(("said", "holds"), [("double", True), ("nothing", False)])
def test_a_folder_is_uploaded_validated_in_the_sandbox_and_published(world, work, said, holds):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("doubling/assignment.toml", SPEC)
        archive.writestr("doubling/solution.py", "def double(x):\n    return 2 * x\n")
        wrong = f"# fails: {said}\ndef double(x):\n    return x\n"
        archive.writestr("doubling/submissions/once.py", wrong)
    browser = world.client("david")
    form = find_form(browser.get("/courses/ml-2026/author"), "Upload and validate")
    answer = form.send(browser, archive=(io.BytesIO(stream.getvalue()), "doubling.zip"))
    work(world.sent[-1])
    page = browser.get(answer.location)
    assert "1 of 1" in page.text
    assert "once" in page.text
    forms = [form for form in find_forms(page) if form.action.endswith("/publish")]
    assert holds == bool(forms)
    if holds:
        assert 303 == forms[0].send(browser).status_code
    else:
        assert "it names a check nothing that does not exist" in page.text
    assert holds == bool(read(world, "doubling").published_version_id)

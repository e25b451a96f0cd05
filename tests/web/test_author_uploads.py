"""An instructor uploads a folder: a good one becomes a draft, a wrong one is told line by line."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from grader.report import RunStatus
from grader.spec.archive import ARCHIVE_LIMITS, pack_folder
from grader.store import audit
from tests.web.forms import find_form
from tests.web.records import find_offering, get_offering, get_validation

PACK = Path(__file__).parents[2] / "assignments" / "mlp-backprop"
PAGE = "/courses/ml-2026/author"
TOML = 'title = "Sum"\n[[checks]]\nid = "a"\nkind = "output"\nrun = "a = f()"\ncompare = ["a"]\n'
FILES = {"assignment.toml": TOML, "solution.py": "def f():\n    return 1\n"}


def pack(files=FILES, folder="sum/"):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in files.items():
            archive.writestr(folder + name, text)
    return stream.getvalue()


def upload(world, content, name="sum.zip", slug="", who="david"):
    browser = world.client(who)
    form = find_form(browser.get(PAGE), "Upload and validate")
    return form.send(browser, archive=(io.BytesIO(content), name), slug=slug)


def test_a_good_folder_becomes_a_draft_and_its_validation_is_queued(world):
    answer = upload(world, pack_folder(PACK), "mlp-backprop.zip")
    assert (303, "/courses/ml-2026/mlp-backprop/author") == (answer.status_code, answer.location)
    draft = get_offering(world, "mlp-backprop")
    assert draft.published_version_id is None
    run = get_validation(world, "mlp-backprop")
    with world.database.read() as session:
        entries = audit.list_audit(session, "offering", draft.id)
    assert (RunStatus.QUEUED, [run.id]) == (run.status, world.sent)
    assert [("draft_uploaded", world.person_id("david"))] == [
        (entry.action, entry.person_id) for entry in entries
    ]
    page = world.client("david").get(answer.location)
    assert "Waiting" in page.text
    assert "Publish version" not in page.text


def test_a_typed_short_name_is_the_one_that_counts(world):
    assert upload(world, pack(), slug="hw9").location.endswith("/courses/ml-2026/hw9/author")


def test_students_see_nothing_of_a_draft(world):
    upload(world, pack())
    student = world.client("ada")
    assert 404 == student.get("/courses/ml-2026/sum").status_code
    assert "Sum" not in student.get("/courses/ml-2026").text


def test_a_broken_toml_is_told_with_file_line_key_and_remedy(world):
    answer = upload(world, pack({**FILES, "assignment.toml": TOML.replace("kind", "knid")}))
    assert 422 == answer.status_code
    for told in ("assignment.toml", ">4<", "checks.a.knid", "unknown key", "did you mean `kind`?"):
        assert told in answer.text, told
    assert find_offering(world, "sum") is None
    assert [] == world.sent


def test_all_errors_are_told_and_a_great_many_are_cut(world):
    checks = "".join(f'[[checks]]\nid = "c{n}"\nkind = "wrong"\n' for n in range(150))
    answer = upload(world, pack({**FILES, "assignment.toml": f'title = "Sum"\n{checks}'}))
    assert 422 == answer.status_code
    assert "These are the first 100 of " in answer.text


def test_what_was_typed_is_kept(world):
    answer = upload(world, pack({}), slug="hw9")
    assert (422, "hw9") == (
        answer.status_code,
        find_form(answer, "Upload and validate").fields["slug"],
    )
    assert "holds no files" in answer.text


@pytest.mark.parametrize("slug", ["a b", "author", "../x", '"><script>alert(1)</script>'])
def test_a_short_name_that_is_none_is_told_at_its_field(world, slug):
    answer = upload(world, pack(), slug=slug)
    assert 422 == answer.status_code
    assert 'id="error-slug"' in answer.text
    assert "<script>alert" not in answer.text


def test_a_form_without_a_file_is_told_at_its_field(world):
    browser = world.client("david")
    answer = find_form(browser.get(PAGE), "Upload and validate").send(browser)
    assert 422 == answer.status_code
    assert 'id="error-archive"' in answer.text


def test_points_that_cannot_be_kept_exactly_are_told(world):
    fine = TOML + "points = 0.12345678\n"
    answer = upload(world, pack({**FILES, "assignment.toml": fine}))
    assert 422 == answer.status_code
    assert "cannot be kept exactly" in answer.text


def test_a_large_folder_is_taken_and_one_too_large_is_not(world):
    names = [f"data{number}.bin" for number in range(8)]
    text = f"data = {names}\n".replace("'", '"') + TOML
    files = {**FILES, "assignment.toml": text}
    noise = {name: bytes([number]) * 1_500_000 for number, name in enumerate(names)}
    answer = upload(world, pack({**files, **noise}))
    assert 303 == answer.status_code
    too_large = bytes(ARCHIVE_LIMITS.packed_bytes + 1)
    assert 422 == upload(world, too_large).status_code
    assert 413 == upload(world, bytes(ARCHIVE_LIMITS.packed_bytes + 200_000)).status_code


def test_a_second_upload_takes_the_place_of_the_draft(world):
    upload(world, pack())
    first = get_offering(world, "sum")
    upload(world, pack({**FILES, "assignment.toml": TOML.replace("Sum", "Total")}))
    second = get_offering(world, "sum")
    assert first.id == second.id
    assert first.draft_version_id != second.draft_version_id
    assert "Total" in world.client("david").get(PAGE).text


def test_the_list_says_how_far_each_assignment_is(world):
    page = world.client("david").get(PAGE).text
    assert "Affine layers" in page
    assert "Published" in page
    assert "Draft: ready to publish" in page


def test_only_authors_upload(world):
    for who in ("ada", "emmy", "grace"):
        answer = world.client(who).post(PAGE, {"archive": (io.BytesIO(pack()), "sum.zip")})
        assert 403 == answer.status_code
    assert find_offering(world, "sum") is None


def test_an_upload_without_a_token_of_a_form_is_refused(world):
    fields = {"archive": (io.BytesIO(pack()), "sum.zip")}
    assert 400 == world.client("david").post(PAGE, fields, has_csrf=False).status_code
    assert find_offering(world, "sum") is None


def test_names_in_an_archive_are_shown_as_text(world):
    hostile = {"<img src=x onerror=alert(1)>": "", "<IMG SRC=X ONERROR=ALERT(1)>": ""}
    answer = upload(world, pack({**FILES, **hostile}), name="<b>\x1b[31m.zip")
    assert 422 == answer.status_code
    assert "is there twice" in answer.text
    assert "<img src=x" not in answer.text.lower()
    assert "<b>" not in answer.text
    assert "\x1b" not in answer.text

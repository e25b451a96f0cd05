"""What was handed in comes back byte for byte, and does no harm on its way."""

from __future__ import annotations

import datetime
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.intake import Upload
from grader.web.student.files import pack_uploads, safe_name
from tests.web.world import START, World, write_assignment

HAND_IN = "/courses/ml-2026/hw1/submissions"
CONTENT = b"\xef\xbb\xbfdef affine(x):\r\n    return x  # \xc3\xa9\r\n"


@pytest.mark.parametrize("address", ["files", "files/1"])
def test_one_file_comes_back_as_it_was_to_be_kept_and_not_shown(world: World, address):
    blaise = world.client("blaise")
    form = {"file": (io.BytesIO(CONTENT), "ü+w;rk.py")}
    receipt = blaise.post(HAND_IN, form).headers["Location"]
    answer = blaise.get(f"{receipt}/{address}")
    assert CONTENT == answer.data
    assert "attachment; filename=_+w_rk.py" == answer.headers["Content-Disposition"]
    assert "application/octet-stream" == answer.headers["Content-Type"]
    assert "nosniff" == answer.headers["X-Content-Type-Options"]


def test_an_archive_comes_back_as_it_was(world: World):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("hw/solution.py", CONTENT)
    blaise = world.client("blaise")
    form = {"file": (io.BytesIO(stream.getvalue()), "hw.zip")}
    receipt = blaise.post(HAND_IN, form).headers["Location"]
    assert stream.getvalue() == blaise.get(f"{receipt}/files").data


def test_a_number_that_no_file_has_is_not_found(world: World):
    page = f"/submissions/{world.submission.id}"
    assert 200 == world.client("ada").get(f"{page}/files/1").status_code
    assert 404 == world.client("ada").get(f"{page}/files/2").status_code


def test_several_files_come_back_in_one_zip_under_names_that_stay_apart():
    uploads = [
        Upload("a/x.py", b"1"),
        Upload("..\\..\\X.py", b"2"),
        Upload("/etc/passwd", b"3"),
        Upload("2-X.py", b"4"),
        Upload("", b"5"),
    ]
    with zipfile.ZipFile(io.BytesIO(pack_uploads(uploads))) as archive:
        names = archive.namelist()
        assert [b"1", b"2", b"3", b"4", b"5"] == [archive.read(name) for name in names]
    assert len(names) == len({name.casefold() for name in names})
    assert all("/" not in name and "\\" not in name for name in names)


@given(st.text(max_size=300))
def test_a_safe_name_is_one_part_of_harmless_characters(name):
    safe = safe_name(name)
    assert 1 <= len(safe) <= 100
    assert not set(safe) & set('/\\"\r\n\0:*?<>|')
    assert not safe.startswith(".")
    assert safe.isascii()


def test_a_long_name_keeps_its_ending():
    assert safe_name("x" * 300 + ".py").endswith("x.py")


def test_the_starter_is_offered_where_there_is_one(world: World):
    ada, page, other = world.client("ada"), "/courses/ml-2026/hw1", "/courses/ml-2026/hw3"
    folder = write_assignment(world.folder / "hw3", title="Nothing to begin with")
    (folder / "starter.py").unlink()
    world.publish(folder, world.now)
    assert f'href="{page}/starter"' in ada.get(page).get_data(as_text=True)
    answer = ada.get(f"{page}/starter")
    assert b"def affine(x):\n    raise NotImplementedError\n" == answer.data
    assert "attachment; filename=solution.py" == answer.headers["Content-Disposition"]
    assert "/starter" not in ada.get(other).get_data(as_text=True)
    assert 404 == ada.get(f"{other}/starter").status_code


def test_the_handout_of_what_is_published_can_be_downloaded(world: World):
    ada, page = world.client("ada"), "/courses/ml-2026/hw1"
    assert f'href="{page}/handout"' in ada.get(page).get_data(as_text=True)
    published = ada.get(f"{page}/handout")
    assert published.data.startswith(b"the zip of ")
    assert "attachment; filename=hw1.zip" == published.headers["Content-Disposition"]
    newer = write_assignment(world.folder / "newer" / "hw1", title="Another title")
    world.validate(newer, world.now)
    assert published.data == ada.get(f"{page}/handout").data
    world.publish(newer, world.now)
    assert published.data != ada.get(f"{page}/handout").data


def test_the_pictures_of_a_published_handout_are_shown_and_nothing_else_of_its_zip(world: World):
    ada, page = world.client("ada"), "/courses/ml-2026/hw1"
    folder = write_assignment(world.folder / "drawn" / "hw1", title="Drawn")
    (folder / "README.md").write_text("# H\n\n![A curve](figures/a.svg)\n![No](../b.svg)\n")
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        for name in ("figures/a.svg", "figures/hidden.svg", "README.md"):
            archive.writestr(f"hw1/{name}", f"<svg>{name}</svg>")
    world.publish(folder, world.now, handout=zipped.getvalue())
    text = ada.get(page).get_data(as_text=True)
    assert f'<img src="{page}/pictures/figures/a.svg" alt="A curve">' in text
    assert "[picture: No]" in text
    picture = ada.get(f"{page}/pictures/figures/a.svg")
    assert (b"<svg>figures/a.svg</svg>", "image/svg+xml") == (picture.data, picture.mimetype)
    assert picture.headers["Content-Security-Policy"].endswith("sandbox")
    for other in ("figures/hidden.svg", "README.md", "../b.svg", "figures/none.svg"):
        assert 404 == ada.get(f"{page}/pictures/{other}").status_code


def test_before_an_assignment_opens_only_staff_get_its_handout(world: World):
    page = "/courses/ml-2026/hw1"
    world.now = START - datetime.timedelta(hours=1)
    ada, teacher = world.client("ada"), world.client("david")
    assert "/handout" not in ada.get(page).get_data(as_text=True)
    assert 404 == ada.get(f"{page}/handout").status_code
    assert 200 == teacher.get(f"{page}/handout").status_code

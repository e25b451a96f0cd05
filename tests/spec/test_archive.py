"""An assignment folder as an archive: what is packed, and what may come out of a stranger's."""

from __future__ import annotations

import gzip
import io
import random
import stat
import tarfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from grader.errors import SpecError
from grader.intake import IntakeLimits
from grader.spec import load_assignment
from grader.spec.archive import ARCHIVE_LIMITS, pack_folder, unpack_archive

ASSIGNMENTS = Path(__file__).parents[2] / "assignments"
TOML = 'title = "Sum"\n[[checks]]\nid = "a"\nkind = "output"\nrun = "a = f()"\ncompare = ["a"]\n'
FILES = {"assignment.toml": TOML.encode(), "solution.py": b"def f():\n    return 1\n"}


def pack_zip(files, method=zipfile.ZIP_DEFLATED, system=3, kind=0):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files:
            info = zipfile.ZipInfo("placeholder")
            info.filename = name
            info.create_system = system
            info.compress_type = method
            info.external_attr = kind << 16
            archive.NameToInfo.clear()  # or a name that comes twice would be a warning
            archive.writestr(info, content)
    return stream.getvalue()


def pack_tar(files, **header):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT, **header) as archive:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return gzip.compress(stream.getvalue())


def wrapped(files, folder="sum/"):
    return [(folder + name, content) for name, content in files.items()]


def list_tree(folder):
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def refuse(tmp_path, content, name="hw.zip", limits=ARCHIVE_LIMITS):
    with pytest.raises(SpecError) as caught:
        unpack_archive(content, tmp_path / "out", name=name, limits=limits)
    message = str(caught.value)
    assert "\n" not in message
    assert message.isprintable()
    assert message.startswith(f"{name}: ")
    return message


@pytest.mark.parametrize("folder", sorted(path.parent for path in ASSIGNMENTS.glob("*/*.toml")))
def test_an_assignment_that_was_packed_and_unpacked_is_the_same(tmp_path, folder):
    target = tmp_path / folder.name
    unpack_archive(pack_folder(folder), target)
    assert load_assignment(folder).digest == load_assignment(target).digest
    expected = [name for name in list_tree(folder) if "__pycache__" not in name]
    assert expected == list_tree(target)
    assert all((folder / name).read_bytes() == (target / name).read_bytes() for name in expected)


def test_only_what_the_assignment_consists_of_is_packed(write_folder, tmp_path):
    text = 'support = ["cases.py"]\ndata = ["iris.csv"]\n' + TOML
    folder = write_folder(text, cases__py="x = 1\n", iris__csv="1,2\n", README__md="Hello\n")
    for name in (
        "private_key.pem",
        ".env",
        "__pycache__/solution.cpython-311.pyc",
        "submissions/wrong.py",
        "submissions/passed/right.py",
        "submissions/.DS_Store",
        "submissions/__pycache__/wrong.pyc",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("# fails: a\n")
    outside = tmp_path / "outside.py"
    outside.write_text("secret = 1\n")
    (folder / "submissions" / "link.py").symlink_to(outside)
    with zipfile.ZipFile(io.BytesIO(pack_folder(folder))) as archive:
        names = archive.namelist()
    assert [
        "README.md",
        "assignment.toml",
        "cases.py",
        "iris.csv",
        "solution.py",
        "submissions/passed/right.py",
        "submissions/wrong.py",
    ] == names


def test_a_folder_of_solutions_is_packed(write_folder):
    text = 'files = ["model.py", "train.py"]\n' + TOML
    sources = {"solution/model.py": "x = 1\n", "solution/train.py": "x = 1\n"}
    folder = write_folder(text, solution__py=None, **sources)
    with zipfile.ZipFile(io.BytesIO(pack_folder(folder))) as archive:
        assert ["assignment.toml", *sorted(sources)] == archive.namelist()


def test_packing_twice_gives_the_same_bytes(write_folder, tmp_path):
    folder = write_folder(README__md="Hello\n")
    first = pack_folder(folder)
    copy = tmp_path / "copy" / "sum"
    unpack_archive(first, copy)
    assert first == pack_folder(copy)


def test_a_folder_without_a_readable_spec_is_not_packed(write_folder):
    with pytest.raises(SpecError, match=r"assignment\.toml"):
        pack_folder(write_folder(assignment__toml=None))
    with pytest.raises(SpecError, match=r"assignment\.toml:1"):
        pack_folder(write_folder("title ="))


@pytest.mark.parametrize(
    ("content", "name", "wrapping"),
    [
        (pack_zip(FILES.items()), "hw.zip", ""),
        (pack_zip(FILES.items(), zipfile.ZIP_STORED), "HW.ZIP", ""),
        (pack_zip(wrapped(FILES)), "hw.zip", "sum"),
        (pack_zip(wrapped(FILES, "./sum/")), "hw.zip", "sum"),
        (pack_zip([("sum/", b""), *wrapped(FILES)]), "hw.zip", "sum"),
        (pack_tar(FILES.items()), "hw.tar.gz", ""),
        (pack_tar(wrapped(FILES)), "hw.tgz", "sum"),
        # `git archive` writes the commit into a global header
        (pack_tar(wrapped(FILES), pax_headers={"comment": "0" * 40}), "hw.tar.gz", "sum"),
        # the Finder of macOS adds a shadow of every file
        (
            pack_zip([*wrapped(FILES), ("__MACOSX/sum/._a.py", b"\0"), ("sum/.DS_Store", b"")]),
            "hw.zip",
            "sum",
        ),
        # Compress-Archive of Windows PowerShell 5.1 writes backslashes
        (pack_zip(wrapped(FILES, "sum\\"), system=0), "hw.zip", "sum"),
    ],
)  # fmt: skip
def test_archives_of_all_systems_are_unpacked(tmp_path, content, name, wrapping):
    assert wrapping == unpack_archive(content, tmp_path / "sum", name=name)
    assert sorted(FILES) == list_tree(tmp_path / "sum")
    assert "sum" == load_assignment(tmp_path / "sum").slug


def test_folders_below_are_kept(tmp_path):
    files = {**FILES, "submissions/passed/right.py": b"x = 1\n"}
    assert "" == unpack_archive(pack_zip(files.items()), tmp_path / "sum")
    assert sorted(files) == list_tree(tmp_path / "sum")


def test_only_one_folder_around_everything_is_taken_off(tmp_path):
    content = pack_zip(wrapped(FILES, "outer/inner/"))
    assert "outer" == unpack_archive(content, tmp_path / "sum")
    assert [f"inner/{name}" for name in sorted(FILES)] == list_tree(tmp_path / "sum")


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        (["../evil.py"], "leaves the archive"),
        (["sum/../../evil.py"], "leaves the archive"),
        (["/etc/passwd"], "absolute"),
        (["C:/evil.py"], "absolute"),
        (["..\\evil.py"], "backslash"),
        (["A.PY", "a.py"], "is there twice"),
        (["é.py", "e\u0301.py"], "is there twice"),
        (["a", "a/b.py"], "as a file and as a folder"),
        (["A/b.py", "a"], "as a file and as a folder"),
        (["a" * 256], "more than 255 bytes"),
        (["é" * 200], "more than 255 bytes"),
    ],
)
@pytest.mark.parametrize(("pack", "name"), [(pack_zip, "hw.zip"), (pack_tar, "hw.tar.gz")])
def test_names_that_could_do_harm_are_refused(tmp_path, pack, name, names, problem):
    content = pack([*FILES.items(), *((one, b"") for one in names)])
    assert problem in refuse(tmp_path, content, name)
    assert [] == list_tree(tmp_path)


def test_a_backslash_of_windows_leaves_no_archive_either(tmp_path):
    content = pack_zip([("sum\\..\\..\\evil.py", b"")], system=0)
    assert "leaves the archive" in refuse(tmp_path, content)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFBLK])
def test_links_and_special_files_are_refused(tmp_path, kind):
    assert "link or a special file" in refuse(tmp_path, pack_zip([("a.py", b"/")], kind=kind))


def test_a_link_in_a_tar_is_refused(tmp_path):
    header = tarfile.TarInfo("a.py")
    header.type = tarfile.SYMTYPE
    header.linkname = "/etc/passwd"
    content = gzip.compress(header.tobuf() + bytes(1024))
    assert "a symbolic link" in refuse(tmp_path, content, "hw.tar.gz")


def test_an_encrypted_archive_is_refused(tmp_path):
    content = bytearray(pack_zip(FILES.items()))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "is encrypted; pack it again without a password" in refuse(tmp_path, bytes(content))


@pytest.mark.parametrize(("pack", "name"), [(pack_zip, "hw.zip"), (pack_tar, "hw.tar.gz")])
def test_a_bomb_is_refused_in_little_memory(tmp_path, pack, name):
    content = pack([*FILES.items(), ("bomb.csv", bytes(120_000_000))])
    limits = IntakeLimits(packed_bytes=2**20, unpacked_bytes=10**7)
    tracemalloc.start()
    try:
        assert "unpacked it is larger than 10,000,000 bytes" in refuse(
            tmp_path, content, name, limits
        )
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


def test_limits_bind_the_archive_and_the_number_of_files(tmp_path):
    content = pack_zip(FILES.items())
    small = IntakeLimits(packed_bytes=len(content) - 1)
    assert f"is larger than {len(content) - 1} bytes" in refuse(tmp_path, content, limits=small)
    assert "more than 1 files" in refuse(tmp_path, content, limits=IntakeLimits(members=1))
    exact = IntakeLimits(packed_bytes=len(content), members=2)
    assert "" == unpack_archive(content, tmp_path / "sum", limits=exact)


@pytest.mark.parametrize(
    ("content", "name", "problem"),
    [
        (b"", "hw.zip", "not a zip archive"),
        (b"PK\x03\x04 and then nothing", "hw.zip", "not a zip archive"),
        (pack_tar(FILES.items()), "hw.zip", "not a zip archive"),
        (pack_zip(FILES.items()), "hw.tar.gz", "not a tar.gz archive"),
        (pack_zip(FILES.items())[:-40], "hw.zip", "not a zip archive"),
        (pack_tar(FILES.items())[:-40], "hw.tgz", "not a tar.gz archive"),
        (b"x = 1\n", "solution.py", "is not a .zip or a .tar.gz"),
        (pack_zip(FILES.items()), "hw.7z", "is not a .zip or a .tar.gz"),
        (pack_zip([]), "hw.zip", "holds no files"),
        (pack_zip([("__MACOSX/x", b"")]), "hw.zip", "holds no files"),
    ],
)
def test_what_is_no_archive_is_refused_in_one_line(tmp_path, content, name, problem):
    assert problem in refuse(tmp_path, content, name)


def test_a_name_of_the_archive_is_shown_without_what_a_terminal_obeys(tmp_path):
    with pytest.raises(SpecError) as caught:
        unpack_archive(b"", tmp_path / "out", name="\x1b[31m\n<b>.zip")
    assert str(caught.value).isprintable()


def test_no_damage_to_an_archive_is_anything_but_one_line(tmp_path, seed):
    random_number = random.Random(seed)
    sound = pack_zip([*wrapped(FILES), ("sum/submissions/a.py", b"# fails: a\n" * 9)])
    for number in range(300):
        content = bytearray(sound)
        for _ in range(random_number.randint(1, 6)):
            content[random_number.randrange(len(content))] = random_number.randrange(256)
        target = tmp_path / str(number)
        try:
            unpack_archive(bytes(content), target)
        except SpecError as error:
            assert str(error).isprintable()
    assert {path.name for path in tmp_path.iterdir()} <= {str(number) for number in range(300)}

"""Hostile and damaged archives, as zip and as tar.gz where both can express the attack."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import tracemalloc
import zipfile
import zlib

import pytest

from grader.errors import SubmissionRejected
from grader.intake import IntakeLimits, Upload, accept_uploads

CODE = b"x = 1\n"


def reject(upload, limits=None):
    with pytest.raises(SubmissionRejected) as caught:
        accept_uploads([upload], ["solution.py"], limits)
    message = str(caught.value)
    assert "\n" not in message
    assert message.isprintable()
    return message


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("../solution.py", "leaves the archive"),
        ("a/../../solution.py", "leaves the archive"),
        ("..", "leaves the archive"),
        (".git/../../x", "leaves the archive"),
        ("/etc/passwd", "absolute"),
        ("C:/solution.py", "absolute"),
        ("c:solution.py", "absolute"),
        ("..\\solution.py", "backslash"),
        ("a" * 600, "more than 512 characters"),
    ],
)
def test_a_name_that_could_leave_the_archive_is_refused(pack, name, problem):
    assert problem in reject(pack([("solution.py", CODE), (name, b"")]))


def test_a_nul_in_a_zips_name_is_refused(pack_zip):
    upload = pack_zip([("solution.pyX.txt", CODE)])
    hidden = Upload("hw.zip", upload.content.replace(b"solution.pyX", b"solution.py\0"))
    assert "NUL" in reject(hidden)


@pytest.mark.parametrize(
    "pair", [("a.py", "a.py"), ("a.py", "A.PY"), ("é.py", "e\u0301.py"), ("a.py", "./a.py")]
)
def test_a_name_twice_is_refused_however_it_is_spelled(pack, pair):
    upload = pack([("solution.py", CODE), *((name, CODE) for name in pair)])
    assert "is there twice" in reject(upload)


def test_many_members_are_refused(pack):
    files = [(f"f{number}.txt", b"") for number in range(201)]
    assert "more than 200 files" in reject(pack(files))
    assert "more than 200 files" in reject(pack([(f".{name}", b"") for name, _ in files * 11]))


def test_just_as_many_members_as_allowed_are_taken(pack):
    files = [(f"f{number}.txt", b"") for number in range(199)]
    taken = accept_uploads([pack([("solution.py", CODE), *files])], ["solution.py"])
    assert 1 == len(taken.files)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_special_files_in_a_zip_are_refused(kind):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        info = zipfile.ZipInfo("solution.py")
        info.create_system = 3
        info.external_attr = (kind | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    assert "link or a special file" in reject(Upload("hw.zip", stream.getvalue()))


@pytest.mark.parametrize(
    "kind",
    [
        tarfile.SYMTYPE,
        tarfile.LNKTYPE,
        tarfile.FIFOTYPE,
        tarfile.CHRTYPE,
        tarfile.BLKTYPE,
        tarfile.GNUTYPE_SPARSE,
        tarfile.CONTTYPE,
        b"Z",
    ],
)
def test_links_and_special_files_in_a_tar_are_refused(kind):
    header = tarfile.TarInfo("solution.py")
    header.type = kind
    header.linkname = "/etc/passwd"
    message = reject(Upload("hw.tgz", gzip.compress(header.tobuf() + bytes(1024))))
    assert "'solution.py' is" in message


def test_an_encrypted_zip_is_refused(pack_zip):
    content = bytearray(pack_zip([("solution.py", CODE)]).content)
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in reject(Upload("hw.zip", bytes(content)))


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_unusual_compression_is_refused(method):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.writestr("solution.py", CODE)
    assert "unusual" in reject(Upload("hw.zip", stream.getvalue()))


def measure_peak(function, *arguments):
    tracemalloc.start()
    try:
        function(*arguments)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_bomb_is_refused_in_little_memory(pack):
    bomb = pack([("solution.py", bytes(100_000_000))])
    assert measure_peak(reject, bomb) < 50_000_000


def test_a_zip_bomb_that_lies_about_its_size_is_refused(pack_zip):
    # Both headers claim 6 bytes; the stream inflates to 50 MB.
    content = bytearray(pack_zip([("solution.py", bytes(50_000_000))]).content)
    struct.pack_into("<I", content, 22, 6)
    struct.pack_into("<I", content, content.index(b"PK\x01\x02") + 24, 6)
    upload = Upload("hw.zip", bytes(content))
    assert "damaged" in reject(upload)
    assert measure_peak(reject, upload) < 5_000_000


def test_a_zip_member_shorter_than_it_claims_is_refused(pack_zip):
    content = bytearray(pack_zip([("solution.py", CODE)]).content)
    struct.pack_into("<I", content, content.index(b"PK\x01\x02") + 24, 100)
    message = reject(Upload("hw.zip", bytes(content)))
    assert "damaged" in message or "shorter" in message


def test_more_than_the_unpacked_limit_is_refused_even_in_ignored_files(pack):
    upload = pack([("solution.py", CODE), *((f"{n}.csv", bytes(300)) for n in range(4))])
    limits = IntakeLimits(unpacked_bytes=1000)
    assert "unpacked it is larger than 1,000 bytes" in reject(upload, limits)


def test_a_gzip_bomb_within_the_packed_limit_is_refused():
    stream = zlib.compressobj(9, wbits=31)
    content = b"".join(stream.compress(bytes(1_000_000)) for _ in range(400)) + stream.flush()
    upload = Upload("hw.tar.gz", content)
    assert "unpacked it is larger" in reject(upload)
    assert measure_peak(reject, upload) < 50_000_000


def test_something_after_the_gzip_stream_is_refused(pack_tar):
    content = pack_tar([("solution.py", CODE)]).content
    assert "follows the end" in reject(Upload("hw.tar.gz", content + content))
    assert "follows the end" in reject(Upload("hw.tar.gz", content + b"x"))


def test_zero_padding_after_the_gzip_stream_is_harmless(pack_tar):
    content = pack_tar([("solution.py", CODE)]).content + bytes(512)
    taken = accept_uploads([Upload("hw.tar.gz", content)], ["solution.py"])
    assert "x = 1\n" == taken.files[0].text


@pytest.mark.parametrize("keep", [0, 1, 10, 40, 0.5, 0.9])
def test_a_cut_archive_is_refused(pack, keep):
    upload = pack([("solution.py", CODE * 100), ("other.txt", bytes(range(256)))])
    end = keep if isinstance(keep, int) else int(len(upload.content) * keep)
    assert "damaged" in reject(Upload(upload.name, upload.content[:end]))


def test_a_flipped_bit_in_the_content_is_found():
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("solution.py", b"x = 111111\n")
    content = stored.getvalue().replace(b"x = 111111", b"x = 911111")
    assert "damaged" in reject(Upload("hw.zip", content))


@pytest.mark.parametrize("name", ["hw.zip", "hw.tar.gz", "hw.tgz", "HW.ZIP"])
def test_something_else_under_an_archives_name_is_refused(name):
    assert "not a" in reject(Upload(name, b"x = 1\n"))


@pytest.mark.parametrize(
    "tar_format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]
)
def test_long_names_are_read_in_every_format_of_tar(pack_tar, tar_format):
    folder = "/".join(["long" * 10] * 3)
    upload = pack_tar([(f"{folder}/solution.py", CODE), ("b.py", b"b")], tar_format=tar_format)
    taken = accept_uploads([upload], ["solution.py", "b.py"])
    assert ["x = 1\n", "b"] == [file.text for file in taken.files]


def test_folders_are_no_members():
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name in (".", "./hw"):
            folder = tarfile.TarInfo(name)
            folder.type = tarfile.DIRTYPE
            archive.addfile(folder)
        info = tarfile.TarInfo("./hw/solution.py")
        info.size = len(CODE)
        archive.addfile(info, io.BytesIO(CODE))
    taken = accept_uploads([Upload("hw.tgz", gzip.compress(stream.getvalue()))], ["solution.py"])
    assert "x = 1\n" == taken.files[0].text
    assert ("hw.tgz: the folder hw/ around everything was taken off",) == taken.notes


def make_header(**fields: bytes) -> bytes:
    header = bytearray(tarfile.TarInfo("solution.py").tobuf(tarfile.USTAR_FORMAT))
    offsets = {"size": 124, "kind": 156}
    for field, value in fields.items():
        header[offsets[field] : offsets[field] + len(value)] = value
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


def make_tgz(*blocks: bytes) -> Upload:
    return Upload("hw.tgz", gzip.compress(b"".join(blocks) + bytes(1024)))


@pytest.mark.parametrize(
    "size",
    [
        b"\xff" * 12,  # -1 in binary: an endless loop in tarfile before 3.11.14
        b"\x80" + bytes(10) + b"\x01",
        b"-0000000001\0",
        b"+0000000001\0",
        b"0000000_001\0",
        b"99999999999\0",
        bytes(12),
    ],
)
def test_a_size_that_is_no_plain_octal_number_is_refused(size):
    assert "not octal" in reject(make_tgz(make_header(size=size)))


def test_a_member_larger_than_the_archive_is_refused():
    assert "larger than the whole" in reject(make_tgz(make_header(size=b"77777777777\0")))


@pytest.mark.parametrize(
    ("record", "problem"),
    [
        (b"17 size=99999999\n", "sets 'size'"),
        (b"24 GNU.sparse.size=9999\n", "GNU.sparse"),
        (b"17 linkpath=/etc\n", "linkpath"),
        (b"18 path=../../etc\n", "leaves the archive"),
        (b"0 path=a\n", "malformed"),
        (b"999 path=a\n", "malformed"),
        (b"path=a\n", "malformed"),
        (b"11 pathabc\n", "malformed"),
    ],
)
def test_tricks_in_an_extended_header_are_refused(record, problem):
    extension = make_header(kind=b"x", size=b"%011o\0" % len(record)) + record.ljust(512, b"\0")
    assert problem in reject(make_tgz(extension, make_header()))


def test_a_global_header_may_carry_a_comment_but_no_name():
    def upload(record):
        size = b"%011o\0" % len(record)
        extension = make_header(kind=b"g", size=size) + record.ljust(512, b"\0")
        body = make_header(size=b"00000000006\0") + CODE.ljust(512, b"\0")
        return make_tgz(extension, body)

    taken = accept_uploads([upload(b"15 comment=abc\n")], ["solution.py"])
    assert "x = 1\n" == taken.files[0].text
    assert "one name to all" in reject(upload(b"10 path=a\n"))


def test_a_huge_extended_header_is_refused():
    size = b"%011o\0" % 1_000_000
    assert "too large" in reject(make_tgz(make_header(kind=b"x", size=size), bytes(1_000_448)))


@pytest.mark.parametrize("name", ["sitecustomize.py", "usercustomize.py", "evil.pth", "inner.zip"])
def test_what_python_would_run_by_its_name_is_ignored_with_a_note(pack, name):
    taken = accept_uploads([pack([("solution.py", CODE), (name, CODE)])], ["solution.py"])
    assert ["solution.py"] == [file.name for file in taken.files]
    assert any(name in note for note in taken.notes)


def test_a_name_that_is_not_utf8_stands_for_no_file_that_is_asked_for(pack_zip):
    upload = pack_zip([("solution.py", CODE), ("X.py", CODE)])
    odd = Upload("hw.zip", upload.content.replace(b"X.py", b"\xff.py"))
    taken = accept_uploads([odd], ["solution.py"])
    assert ["solution.py"] == [file.name for file in taken.files]

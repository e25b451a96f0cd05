"""Seeds: few a day, known to nobody, the same on every machine that knows the secret."""

from __future__ import annotations

import datetime

from grader.seeds import POOL_SIZE, draw_seed, load_secret

DAY = datetime.date(2026, 10, 1)


def pool(secret: bytes, digest: str = "digest", day: datetime.date = DAY) -> set[int]:
    return {draw_seed(secret, digest, day) for _ in range(2000)}


def test_a_day_has_so_many_seeds_and_no_more():
    assert POOL_SIZE == len(pool(b"secret"))


def test_another_day_version_or_secret_has_other_seeds():
    others = [
        pool(b"other"),
        pool(b"secret", "other digest"),
        pool(b"secret", day=DAY + datetime.timedelta(1)),
    ]
    assert not any(pool(b"secret") & other for other in others)


def test_a_seed_is_a_number_that_every_generator_takes():
    assert all(0 <= seed < 2**31 for seed in pool(b"secret"))


def test_the_secret_is_made_once_and_kept_for_its_owner(tmp_path):
    folder = tmp_path / "cache"
    first = load_secret(folder)
    assert 32 == len(first)
    assert first == load_secret(folder)
    assert 0o600 == (folder / "seed-secret").stat().st_mode & 0o777


def test_without_a_folder_the_secret_is_of_this_run_alone(tmp_path):
    (tmp_path / "file").write_text("")
    secrets = {load_secret(None), load_secret(None), load_secret(tmp_path / "file" / "cache")}
    assert 3 == len(secrets)


def test_a_damaged_secret_is_not_used(tmp_path):
    (tmp_path / "seed-secret").write_bytes(b"short")
    assert 32 == len(load_secret(tmp_path))

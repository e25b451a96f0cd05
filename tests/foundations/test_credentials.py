from __future__ import annotations

from grader.credentials import (
    MIN_PASSWORD_CHARACTERS,
    TOKEN_PREFIX,
    check_password,
    digest_token,
    hash_password,
    make_password,
    make_token,
    needs_new_hash,
)


def test_a_password_fits_its_own_hash_and_no_other():
    kept = hash_password("correct horse")
    assert check_password(kept, "correct horse")
    assert not check_password(kept, "correct horsf")
    assert not check_password(kept, "")


def test_a_hash_is_argon2id_with_todays_parameters_and_a_salt_of_its_own():
    one, other = hash_password("the same"), hash_password("the same")
    assert one.startswith("$argon2id$")
    assert one != other
    assert not needs_new_hash(one)


def test_a_hash_with_weaker_parameters_is_to_be_renewed():
    assert needs_new_hash("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$7WJ0sfhSJ7g1Y1nFgRyBDw")


def test_nobody_signs_in_without_a_hash_or_with_a_broken_one():
    assert not check_password(None, "anything")
    assert not check_password("not a hash", "anything")


def test_made_passwords_are_long_enough_plain_to_type_and_all_different():
    made = {make_password() for _ in range(50)}
    assert len(made) == 50
    assert all(len(one) > MIN_PASSWORD_CHARACTERS for one in made)
    assert not set("0o1li") & set("".join(made))


def test_a_token_is_kept_only_as_its_digest():
    token = make_token()
    assert token.startswith(TOKEN_PREFIX)
    assert 64 == len(digest_token(token))
    assert token not in digest_token(token)
    assert digest_token(token) == digest_token(token)
    assert digest_token(token) != digest_token(make_token())

"""Settings come from GRADER_* variables, and a wrong one is a line for the operator."""

import os
from dataclasses import FrozenInstanceError

import pytest

from grader.errors import ConfigurationError
from grader.settings import Settings, load_settings


def test_without_variables_everything_has_its_default():
    assert Settings() == load_settings({})


def test_variables_are_read_by_their_type(tmp_path):
    given = {
        "GRADER_CACHE_DIR": str(tmp_path / "cache"),
        "GRADER_SANDBOX_TIER": "landlock",
        "GRADER_SANDBOX_UID": "4242",
        "GRADER_REQUIRE_SERVERS": "1",
        "GRADER_SOMETHING_LATER": "ignored",
    }
    expected = Settings(
        cache_dir=tmp_path / "cache",
        sandbox_tier="landlock",
        sandbox_uid=4242,
        require_servers=True,
    )
    assert expected == load_settings(given)


def test_settings_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Settings().sandbox_uid = 7  # type: ignore[misc]


def test_an_empty_variable_is_not_set():
    assert Settings() == load_settings({"GRADER_SANDBOX_UID": "", "GRADER_SANDBOX_TIER": ""})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GRADER_SANDBOX_UID", "nobody"),
        ("GRADER_SANDBOX_UID", "0"),
        ("GRADER_SANDBOX_TIER", "weak"),
        ("GRADER_REQUIRE_SERVERS", "perhaps"),
        ("GRADER_CACHE_DIR", "/proc/cache"),
        ("GRADER_PORT", "65536"),
        ("GRADER_PORT", "-1"),
        ("GRADER_LEASE_S", "nan"),
        ("GRADER_LEASE_S", "0.5"),
        ("GRADER_WEB_THREADS", "2"),
        ("GRADER_BASE_URL", "grader.example.org"),
        ("GRADER_LOG_FORMAT", "xml"),
        ("GRADER_MAX_WAITING", "0"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_variable_and_the_value(variable, value):
    with pytest.raises(ConfigurationError) as caught:
        load_settings({variable: value})
    line = str(caught.value)
    assert line.startswith(variable)
    assert value in line
    assert "\n" not in line


def test_the_cache_lies_where_the_desktop_convention_puts_it(tmp_path):
    home, xdg = tmp_path / "home", tmp_path / "xdg"
    home.mkdir()
    assert home / ".cache" / "grader" == load_settings({"HOME": str(home)}).cache_dir
    both = {"HOME": str(home), "XDG_CACHE_HOME": str(xdg)}
    assert xdg / "grader" == load_settings(both).cache_dir


def test_a_home_that_is_not_there_is_not_made(tmp_path):
    assert load_settings({"HOME": str(tmp_path / "missing")}).cache_dir is None
    assert not (tmp_path / "missing").exists()


@pytest.mark.parametrize("variables", [{}, {"HOME": "/proc"}, {"HOME": "relative"}])
def test_without_a_home_to_write_there_is_no_cache(variables):
    assert load_settings(variables).cache_dir is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_cache_that_somebody_else_owns_is_not_believed(tmp_path):
    cache = tmp_path / ".cache" / "grader"
    cache.mkdir(parents=True)
    os.chown(cache, 12345, 12345)
    assert load_settings({"HOME": str(tmp_path)}).cache_dir is None


def test_reading_settings_does_not_import_what_a_start_cannot_afford(run_python):
    imported = run_python("import grader.settings, sys; print(*sys.modules)").split()
    assert set() == {"asyncio", "numpy", "pydantic", "rich", "typer"} & set(imported)


def test_a_secret_may_stand_in_a_file(tmp_path):
    file = tmp_path / "database-url"
    file.write_text("postgresql+psycopg://grader:secret@db/grader\n")
    settings = load_settings({"GRADER_DATABASE_URL_FILE": str(file)})
    assert "postgresql+psycopg://grader:secret@db/grader" == settings.database_url


def test_a_secret_file_that_is_missing_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match=r"GRADER_SECRET_KEY_FILE=.*gone"):
        load_settings({"GRADER_SECRET_KEY_FILE": str(tmp_path / "gone")})


def test_no_error_and_no_representation_shows_a_secret():
    with pytest.raises(ConfigurationError) as caught:
        load_settings({"GRADER_DATABASE_URL": "hunter2"})
    assert "hunter2" not in str(caught.value)
    given = {"GRADER_DATABASE_URL": "postgresql://u:hunter2@db/n", "GRADER_SECRET_KEY": "hunter2"}
    assert "hunter2" not in repr(load_settings(given))


def test_the_data_folder_is_where_the_desktop_convention_puts_data(tmp_path):
    assert tmp_path / "grader" == load_settings({"XDG_DATA_HOME": str(tmp_path)}).data_dir
    home = load_settings({"HOME": str(tmp_path)})
    assert tmp_path / ".local" / "share" / "grader" == home.data_dir

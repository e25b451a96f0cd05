"""What docker-compose.yml starts is complete, confined, and what the program really has."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from grader.queue.broker import QUEUES, worker_options
from grader.queue.commands import sweeper_command, worker_command
from grader.queue.stopping import GRACE_S
from grader.queue.sweeper import MARK_FILE
from grader.settings import PREFIX, Settings, load_settings
from grader.store import Database, schema
from grader.web import create_app

OURS = {"web", "worker", "sweeper", "migrate"}
SERVERS = {"postgres", "redis"}
ONE_SHOT = {"migrate"}


def test_the_services_are_these_and_there_is_no_version_key(compose, services):
    assert OURS | SERVERS == set(services)
    assert "version" not in compose


def test_every_lasting_service_has_a_health_check_and_is_started_again(services):
    for name in services.keys() - ONE_SHOT:
        check = services[name]["healthcheck"]
        assert {"test", "interval", "timeout", "retries", "start_period"} == set(check), name
        assert "unless-stopped" == services[name]["restart"], name


def test_what_runs_once_is_not_started_again_and_not_probed(services):
    assert "no" == services["migrate"]["restart"]
    assert {"disable": True} == services["migrate"]["healthcheck"]


def test_no_service_is_privileged_or_reaches_the_host(services):
    forbidden = {"privileged", "pid", "ipc", "network_mode", "devices", "cap_add", "userns_mode"}
    for name, service in services.items():
        assert set() == forbidden & set(service), name
        assert not any("docker.sock" in volume for volume in service.get("volumes", ())), name


def test_every_service_drops_all_capabilities_and_cannot_write_to_its_image(services):
    for name, service in services.items():
        assert ["ALL"] == service["cap_drop"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service["read_only"] is True, name


def test_no_service_runs_as_root(services):
    for name, service in services.items():
        user, group = map(int, service["user"].split(":"))
        assert user > 0, name
        assert group > 0, name


def test_the_worker_alone_gets_what_a_jail_needs(services, repository):
    usual = ["no-new-privileges:true"]
    more = {name for name, service in services.items() if service["security_opt"] != usual}
    assert {"worker"} == more
    _, seccomp, apparmor = services["worker"]["security_opt"]
    assert "apparmor=unconfined" == apparmor
    assert (repository / seccomp.removeprefix("seccomp=")).is_file()


def test_the_worker_cannot_take_the_machine_down(services):
    assert services["worker"]["pids_limit"] > 0
    assert services["worker"]["mem_limit"]
    assert services["worker"]["mem_limit"] == services["worker"]["memswap_limit"]  # no swap


def test_images_are_pinned_to_a_version(services):
    for name, service in services.items():
        image, _, tag = service["image"].partition(":")
        assert image, name
        assert re.match(r"\d", tag), f"{name}: {service['image']}"


def test_our_image_bears_the_version_of_the_program(services, repository):
    (version,) = re.findall(
        r'^version = "(.+)"$', (repository / "pyproject.toml").read_text(), re.MULTILINE
    )
    assert {f"grader:{version}"} == {services[name]["image"] for name in OURS}


def test_every_variable_of_ours_is_a_setting(repository):
    known = {PREFIX + setting.name.upper() for setting in fields(Settings)}
    text = (repository / "docker-compose.yml").read_text()
    named = {name.removesuffix("_FILE") for name in re.findall(r"GRADER_[A-Z_]+", text)}
    assert named
    assert set() == named - known


@pytest.mark.parametrize("service", sorted(OURS))
def test_the_program_can_read_the_settings_of_each_process(services, service, tmp_path):
    given = {}
    for name, value in services[service]["environment"].items():
        filled = re.sub(r"\$\{\w+:-(.*?)\}", r"\1", value)
        given[name] = re.sub(r"\$\{\w+:\?.*?\}", "https://grader.example.org", filled)
        if name.endswith("_FILE"):
            assert value.removeprefix("/run/secrets/") in services[service]["secrets"]
            file = tmp_path / name
            file.write_text("postgresql+psycopg://grader:secret@postgres/grader\n")
            given[name] = str(file)
    given.pop("GRADER_CACHE_DIR", None)  # its folder is the container's
    settings = load_settings(given)
    assert settings.database_url.endswith("@postgres/grader")
    assert "redis://redis:6379/0" == settings.broker_url


def test_secrets_are_files_and_stand_in_no_environment(compose, services):
    for name, service in services.items():
        for variable in service.get("environment", {}):
            is_secret = re.search("PASSWORD|SECRET|DATABASE_URL|TOKEN", variable)
            assert not is_secret or variable.endswith("_FILE"), f"{name}: {variable}"
    used = {secret for service in services.values() for secret in service.get("secrets", ())}
    assert set(compose["secrets"]) == used
    assert all(set(secret) == {"file"} for secret in compose["secrets"].values())


def test_only_who_signs_cookies_has_the_key_and_only_postgres_its_password(services):
    def holders(secret):
        return {name for name, service in services.items() if secret in service.get("secrets", ())}

    assert {"web"} == holders("secret-key")
    assert {"postgres"} == holders("postgres-password")
    assert OURS == holders("database-url")


def test_only_web_can_be_reached_and_from_this_machine_alone(compose, services):
    assert {"web"} == {name for name, service in services.items() if service.get("ports")}
    assert all(port.startswith("127.0.0.1:") for port in services["web"]["ports"])
    assert compose["networks"]["back"] == {"internal": True}
    outside = {name for name, service in services.items() if service["networks"] != ["back"]}
    assert {"web"} == outside


def test_everything_starts_after_what_it_needs(services):
    ended, healthy = "service_completed_successfully", "service_healthy"
    needs = {
        name: {other: rule["condition"] for other, rule in service.get("depends_on", {}).items()}
        for name, service in services.items()
    }
    assert {
        "web": {"migrate": ended},
        "worker": {"migrate": ended, "redis": healthy},
        "sweeper": {"migrate": ended, "redis": healthy},
        "migrate": {"postgres": healthy},
        "postgres": {},
        "redis": {},
    } == needs


def test_the_worker_is_started_as_the_queue_says(services):
    settings = Settings(broker_url="redis://redis:6379/0", slots=2)
    command = worker_command(settings)
    expected = command[command.index("celery") :]
    given = [
        word
        for part in services["worker"]["command"]
        for word in re.sub(r"\$\{\w+:-(\w+)\}", r"\1", part).split("=", 1)
    ]
    assert expected == given
    assert ",".join(QUEUES) in given


def test_the_sweeper_is_started_as_the_queue_says(services):
    assert sweeper_command()[-2:] == services["sweeper"]["command"][-2:]


def test_the_sweepers_health_is_read_from_the_mark_it_leaves(services):
    folder = services["sweeper"]["environment"]["GRADER_DATA_DIR"]
    assert f"find {folder}/{MARK_FILE} " in services["sweeper"]["healthcheck"]["test"][1]


def test_web_has_as_many_threads_as_its_setting_says(services):
    command = services["web"]["command"]
    assert f"--threads={services['web']['environment']['GRADER_WEB_THREADS']}" in command
    assert "--worker-class=gthread" in command


def test_what_is_asked_for_the_health_of_web_is_answered(services, sqlite_url):
    (path,) = re.findall(r"8000(/\w+)", services["web"]["healthcheck"]["test"][-1])
    database = Database(sqlite_url)
    try:
        schema.upgrade(database)
    finally:
        database.dispose()
    app = create_app(Settings(secret_key="x" * 64, database_url=sqlite_url))
    assert 200 == app.test_client().get(path).status_code
    app.extensions["grader"].database.dispose()


def test_a_worker_has_time_to_end_before_it_is_killed(services):
    seconds = int(services["worker"]["stop_grace_period"].removesuffix("s"))
    options = worker_options(Settings(broker_url="redis://redis:6379/0"))
    assert seconds > options["worker_soft_shutdown_timeout"]
    assert seconds > GRACE_S


def test_redis_keeps_what_is_pushed_and_evicts_nothing(services):
    words = services["redis"]["command"]
    options = dict(zip(words[1::2], words[2::2], strict=True))
    assert "yes" == options["--appendonly"]
    assert "everysec" == options["--appendfsync"]
    assert "noeviction" == options["--maxmemory-policy"]


def test_what_must_outlast_a_container_lies_in_a_named_volume(compose, services):
    kept = {
        name: service["volumes"] for name, service in services.items() if service.get("volumes")
    }
    assert {
        "postgres": ["postgres:/var/lib/postgresql/data"],
        "redis": ["redis:/data"],
        "worker": ["worker:/var/lib/grader"],  # the seeds' secret: same file, same numbers
    } == kept
    assert {"postgres", "redis", "worker"} == set(compose["volumes"])

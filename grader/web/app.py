"""Puts the web service together, and refuses to start where something is missing."""

from __future__ import annotations

import datetime
import functools

from flask import Flask
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]
from werkzeug.middleware.proxy_fix import ProxyFix

from grader.errors import ConfigurationError
from grader.logs import configure_logs
from grader.queue.enqueue import send_run
from grader.secret_files import load_or_make_secret
from grader.settings import Settings, load_settings
from grader.store import Database, schema
from grader.web import (
    access,
    api,
    auth,
    author,
    errors,
    health,
    live,
    request_log,
    review,
    security,
    student,
)
from grader.web.filters import register_filters
from grader.web.incoming import FormSessions, WholeRequest
from grader.web.site import EXTENSION, Site

ROOMS = (
    auth.room,
    student.room,
    live.room,
    review.room,
    author.room,
    api.room,
    health.room,
)
"""Every room of the service; a route in one of them needs a rule of grader/web/access.py."""

SECRET_FILE = "secret-key"
MIN_SECRET_CHARACTERS = 16


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application; without settings it reads its own and sets up the logs.

    Raises
    ------
    ConfigurationError
        Where the secret key is too short, or cannot be kept.
    SchemaMismatch, DatabaseUnavailable
        Where the database is not one that this version can work with.
    """
    if settings is None:
        settings = load_settings()
        configure_logs(settings.log_format, process="web")
    database = Database.from_settings(settings)
    schema.assert_current(database)
    return _build(Site(settings, database, functools.partial(send_run, settings)))


def _build(here: Site) -> Flask:
    app = Flask("grader.web")
    app.request_class = WholeRequest
    app.session_interface = FormSessions()
    lifetime = datetime.timedelta(hours=here.settings.session_hours)
    app.extensions[EXTENSION] = here
    app.config.update(
        SECRET_KEY=_secret_key(here.settings),
        MAX_CONTENT_LENGTH=here.max_upload_bytes,
        # A browser that was closed opens its pages again, with their forms.
        PERMANENT_SESSION_LIFETIME=lifetime,
        SESSION_COOKIE_NAME="__Host-grader_form" if here.is_https else "grader_form",
        SESSION_COOKIE_SECURE=here.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # A page may be sent for as long as its reader is signed in.
        WTF_CSRF_TIME_LIMIT=int(lifetime.total_seconds()),
    )
    request_log.add_request_ids(app)
    security.add_headers(app)
    # Whoever may not come in is not told that his form is old: the rules go before CSRF.
    access.enforce_rules(app)
    CSRFProtect(app).exempt(api.room)  # no cookie is honoured there
    errors.add_error_pages(app)
    register_filters(app)
    for room in ROOMS:
        app.register_blueprint(room)
    access.assert_complete(app)
    if proxies := here.settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
    return app


def _secret_key(settings: Settings) -> str | bytes:
    if settings.secret_key:
        if len(settings.secret_key) < MIN_SECRET_CHARACTERS:
            raise ConfigurationError(
                f"GRADER_SECRET_KEY has fewer than {MIN_SECRET_CHARACTERS} characters",
                remedy="make one with `openssl rand -hex 32`, or unset it",
            )
        return settings.secret_key
    if settings.data_dir is None:
        raise ConfigurationError(
            "there is no folder for the secret key", remedy="set GRADER_DATA_DIR"
        )
    return load_or_make_secret(settings.data_dir / SECRET_FILE)

"""What comes in: a body is either whole or refused, and the cookie of forms lasts."""

from __future__ import annotations

import datetime
from typing import IO, Any

from flask import Flask, Request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.exceptions import BadRequest, ClientDisconnected, HTTPException
from werkzeug.formparser import FormDataParser


class CutOff(BadRequest):
    """The body ended before its end: a connection was lost, or its form is broken."""


class FormSessions(SecureCookieSessionInterface):
    """The signed cookie of forms: it holds the CSRF token, and outlasts a browser's restart."""

    def get_expiration_time(self, app: Flask, session: SessionMixin) -> datetime.datetime | None:
        """Return when the cookie ends, whether it was called permanent or not."""
        del session
        return datetime.datetime.now(datetime.UTC) + app.permanent_session_lifetime


class WholeRequest(Request):
    """A request that tells a broken form from an empty one; Flask's reads both as empty."""

    def make_form_data_parser(self) -> FormDataParser:
        """Return a parser that raises."""
        parser = super().make_form_data_parser()
        parser.silent = False
        return parser

    def _get_file_stream(self, *args: Any, **kwargs: Any) -> IO[bytes]:
        stream = super()._get_file_stream(*args, **kwargs)
        self.__dict__.setdefault("file_streams", []).append(stream)
        return stream

    def _load_form_data(self) -> None:
        try:
            super()._load_form_data()
        except (ValueError, ClientDisconnected) as error:
            self._drop_files()
            raise CutOff from error
        except HTTPException:
            self._drop_files()
            raise
        if any("\0" in text for texts in self.__dict__["form"].listvalues() for text in texts):
            self._drop_files()
            raise BadRequest("a field holds a NUL")  # PostgreSQL takes none, and nobody types one

    def _drop_files(self) -> None:
        """Close what came of the files: a form that was read in part lists none of them."""
        for stream in self.__dict__.pop("file_streams", []):
            stream.close()

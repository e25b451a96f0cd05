"""The blueprint of this room."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("author", __name__)

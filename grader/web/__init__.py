"""The web service: pages and API. It receives, keeps, queues and shows; it judges nothing."""

from grader.web.app import create_app

__all__ = ["create_app"]

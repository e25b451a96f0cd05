"""`grader token`: what programs sign in with."""

from __future__ import annotations

from typing import Annotated

import typer

from grader.cli.options import AsJson

token_app = typer.Typer(
    help="Personal tokens, with which programs sign in.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

UserName = Annotated[str, typer.Argument(metavar="USER", help="A sign-in name.")]


@token_app.command("new")
def make_token(
    user: UserName,
    label: Annotated[str, typer.Option(metavar="TEXT", help="What it is for.")],
    days: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="It ends after so many days.")
    ] = None,
) -> int:
    """Make a token for a person, on the server. It is printed once and kept nowhere.

    People make their own on the page of their account.
    """
    from grader.cli.token import run_new

    return run_new(user, label=label, days=days)


@token_app.command("list")
def list_tokens(user: UserName, is_json: AsJson = False) -> int:
    """List a person's tokens: their numbers, labels and dates, never the tokens."""
    from grader.cli.token import run_list

    return run_list(user, is_json=is_json)


@token_app.command("revoke")
def revoke(
    user: UserName,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="As `token list` shows it.")],
) -> int:
    """End a token at once."""
    from grader.cli.token import run_revoke

    return run_revoke(user, number)


@token_app.command("save")
def save(
    server: Annotated[str, typer.Option(metavar="URL", help="The address of the course's grader.")],
) -> int:
    """Keep a token for `grader submit`, on the computer where you work.

    It is asked for, or read from stdin, tried, and written to a file that only you can read. Make
    it on the page of your account. Afterwards `grader submit ASSIGNMENT FILE` is all it takes.

    Example: grader token save --server https://grader.example.org
    """
    from grader.cli.tokens_saved import run_save

    return run_save(server)

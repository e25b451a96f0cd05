"""`grader user`: the people of this installation."""

from __future__ import annotations

from typing import Annotated

import typer

from grader.cli.options import AsJson

user_app = typer.Typer(
    help="People: who can sign in, and with what password.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

SignInName = Annotated[str, typer.Argument(metavar="NAME", help="The name that one signs in with.")]
FromStdin = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from stdin; without it, make one."),
]


@user_app.command("add")
def add_user(
    name: SignInName,
    full_name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="What pages call this person.")
    ] = "",
    email: Annotated[str, typer.Option(metavar="ADDRESS", help="An e-mail address.")] = "",
    is_admin: Annotated[
        bool, typer.Option("--admin", help="May do everything, in every course.")
    ] = False,
    is_from_stdin: FromStdin = False,
) -> int:
    """Add a person who signs in with a name and a password.

    A password that is made is printed once and kept nowhere.

    Example: grader user add grace --name "Grace" --admin
    """
    from grader.cli.user import run_add

    return run_add(name, full_name, email, is_admin=is_admin, is_from_stdin=is_from_stdin)


@user_app.command("list")
def list_users(is_json: AsJson = False) -> int:
    """List all people, with what they sign in with."""
    from grader.cli.user import run_list

    return run_list(is_json=is_json)


@user_app.command("password")
def change_password(name: SignInName, is_from_stdin: FromStdin = False) -> int:
    """Give a person another password, and end all of the person's sessions."""
    from grader.cli.user import run_password

    return run_password(name, is_from_stdin=is_from_stdin)


@user_app.command("disable")
def disable(name: SignInName) -> int:
    """Let a person in no more: no sign-in, no session, no token. What was handed in stays."""
    from grader.cli.user import run_disable

    return run_disable(name)


@user_app.command("enable")
def enable(name: SignInName) -> int:
    """Let a disabled person in again. Tokens stay revoked."""
    from grader.cli.user import run_enable

    return run_enable(name)

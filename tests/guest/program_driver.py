"""Loads programs in children of its own, one JSON line each: never in the process of the tests.

Runs as a script of its own interpreter, with the guest as the only package of ours in reach.
"""

import builtins
import contextlib
import importlib
import io
import json
import os
import signal
import sys
import traceback

SNIPPET = "<check>"
DEADLINE_S = 20


def play(scenario):
    loading = sys.modules["guest.loading"]
    rules = loading.Rules(
        tuple(scenario["allow"]),
        tuple(scenario["shims"]),
        scenario["package"],
        tuple(scenario["forbid"]),
    )
    program = loading.load_program(scenario["files"], scenario["support"], rules)
    answers = [ask(loading, program.namespace, code) for code in scenario["snippets"]]
    return {
        "failures": [
            {name: getattr(failure, name) for name in loading.LoadFailure.__slots__}
            for failure in program.failures
        ],
        "notes": program.notes,
        "imports": program.imports(),
        "names": [name for name in program.namespace if not name.startswith("__")],
        "answers": answers,
    }


def ask(loading, namespace, code):
    import numpy as np

    scope = {**namespace, "np": np, "__builtins__": __builtins__}
    try:
        exec(compile(code, SNIPPET, "exec", dont_inherit=True), scope)
        return repr(scope.get("result"))
    except BaseException as error:  # noqa: BLE001 - a program may raise anything
        return loading.describe_exception(error, SNIPPET)


def play_in_child(scenario):
    """Return what a forked child made of it, as a line of JSON."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        signal.alarm(DEADLINE_S)
        write, leave, intact = os.write, os._exit, dict(vars(builtins))
        try:
            with contextlib.redirect_stdout(io.StringIO()) as output:
                told = play(scenario)
            told["output"] = output.getvalue()
        except BaseException:  # noqa: BLE001 - told, not raised, in a child
            told = {"broken": traceback.format_exc()}
        vars(builtins).update(intact)
        write(writer, json.dumps(told).encode())
        leave(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        line = stream.read()
    status = os.waitpid(child, 0)[1]
    return line or json.dumps({"broken": f"wait status {status}"}).encode()


def main():
    sys.path.insert(0, sys.argv[1])
    importlib.import_module("guest.loading")  # once, for all children

    for line in sys.stdin:
        sys.stdout.buffer.write(play_in_child(json.loads(line)) + b"\n")
        sys.stdout.buffer.flush()


main()

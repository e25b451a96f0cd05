"""Whether a submission's code parses at all, asked of a Python of its own.

A student's text is not parsed in a trusted process: enough nested brackets take all memory of a
parser, or its stack. The child runs nothing of it, and its answer decides about an attempt only.
"""

from __future__ import annotations

import json
import subprocess
import sys

import structlog

from grader.intake import SubmittedFiles

TIME_LIMIT_S = 5.0
MEMORY_BYTES = 512 * 1024**2

_PROGRAM = f"""
import ast, json, resource, sys, warnings
warnings.simplefilter("ignore")
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY_BYTES}, {MEMORY_BYTES}))
resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
def parses(text):
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True
sys.stdout.write(str(int(any(map(parses, json.load(sys.stdin))))))
"""

_log = structlog.get_logger(__name__)


def has_code_that_parses(submitted: SubmittedFiles) -> bool:
    """Tell whether any file, or any cell, is Python; without a clear no, the answer is yes."""
    texts = [chunk.text for file in submitted.files for chunk in file.chunks]
    written = [text for text in texts if text.strip()]
    if not written:
        return True
    try:
        child = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _PROGRAM],
            input=json.dumps(written).encode(),
            capture_output=True,
            timeout=TIME_LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        _log.warning("not_parsed", problem=type(error).__name__)
        return True
    return child.stdout != b"0"

"""Every error this package raises for something that went wrong outside a student's program.

What a student's program does is never an error here: it is a verdict (grader/report.py).

GraderError
├─ SubmissionRejected      the student can mend it: an upload that cannot be taken
├─ AssignmentError         the author can mend it
│  ├─ UnknownAssignment    no such assignment
│  ├─ SpecError            assignment.toml, or a file it names, is wrong
│  └─ BrokenSolution       the author's own solution does not do what the checks ask
├─ UsageError              the caller can mend it: an option or an argument is wrong
├─ NotFound                there is no such person, course, submission, for this caller
├─ Refused                 a rule of the course or of this site says no, for now or for good
│  └─ TooMany              so often is not allowed; it says when it is
├─ Conflict                somebody else, or an earlier request, was first
└─ OperationError          we, or the machine's operator, must act
   ├─ ConfigurationError   a setting, a library version or a folder is not usable
   ├─ DatabaseUnavailable  the database is gone, locked or full
   ├─ SchemaMismatch       the database is older or newer than this program
   ├─ BrokerUnavailable    the queue cannot be reached; what is queued waits in the database
   ├─ SandboxUnavailable   no tier on this machine confines a program
   ├─ EnvironmentMissing   an assignment's packages have not been built on this machine
   └─ SandboxFailure       a jail or worker of ours failed before a student's code ran
"""

from __future__ import annotations

from pathlib import Path


class GraderError(Exception):
    """An error with one line for a person: what is wrong, where, and what to do about it."""

    exit_code = 2

    def __init__(self, problem: str, *, remedy: str = "") -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(problem, remedy)

    @property
    def place(self) -> str:
        """Where it is wrong: a file, a line, a key; empty when the problem says it all."""
        return ""

    def __str__(self) -> str:
        parts = [f"{self.place}: {self.problem}" if self.place else self.problem]
        if self.remedy:
            parts.append(self.remedy)
        return "; ".join(" ".join(part.split()) for part in parts)


class SubmissionRejected(GraderError):
    """An upload that cannot be taken as it is; the student can mend it."""

    def __init__(self, problem: str, *, name: str = "", remedy: str = "") -> None:
        self.name = name
        super().__init__(problem, remedy=remedy)

    @property
    def place(self) -> str:
        """The name of the file that is wrong."""
        return self.name


class AssignmentError(GraderError):
    """An assignment that its author must mend."""


class UnknownAssignment(AssignmentError):
    """No assignment has this name, and no folder either."""


class SpecError(AssignmentError):
    """A file of an assignment folder is wrong, with its line and key where they are known."""

    def __init__(
        self,
        problem: str,
        *,
        file: Path | str,
        line: int | None = None,
        key: str = "",
        remedy: str = "",
    ) -> None:
        self.file = Path(file)
        self.line = line
        self.key = key
        super().__init__(problem, remedy=remedy)

    @property
    def place(self) -> str:
        """The file, the line, and the key."""
        where = str(self.file) if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {self.key}" if self.key else where


class BrokenSolution(AssignmentError):
    """The author's solution fails, is random, or does not return what a check compares."""

    def __init__(
        self,
        problem: str,
        *,
        check: str = "",
        remedy: str = "",
        is_snippet: bool = False,
        file: str = "",
        line: int | None = None,
    ) -> None:
        self.check = check
        self.is_snippet = is_snippet
        self.file = file or "solution.py"
        self.line = line
        """Where in the solution it broke, if that is known."""
        self.check_line: int | None = None
        """Where the check begins in assignment.toml, as soon as somebody has looked."""
        self.folder = Path()
        super().__init__(problem, remedy=remedy)

    @property
    def place(self) -> str:
        """The file that is wrong, in its folder, its line, and the check on which it broke."""
        line = "" if self.check_line is None else f":{self.check_line}"
        spec = f"assignment.toml{line}"
        if self.is_snippet:
            return f"{self.folder / spec}: checks.{self.check}" if self.check else spec
        file = str(self.folder / self.file)
        place = file if self.line is None else f"{file}:{self.line}"
        if not self.check:
            return place
        is_located = self.line is not None or self.check_line is None
        return f"{place}: checks.{self.check}" + ("" if is_located else f" ({spec})")


class UsageError(GraderError):
    """An option or an argument of a command is wrong."""


class NotFound(GraderError):
    """There is no such thing, or none that this caller may know of."""


class Refused(GraderError):
    """A rule of the course or of this site says no; whoever set the rule can change it."""


class TooMany(Refused):
    """So often, or so much at once, is not allowed; `retry_after_s` says when it is."""

    def __init__(self, problem: str, *, retry_after_s: float = 0.0, remedy: str = "") -> None:
        self.retry_after_s = retry_after_s
        super().__init__(problem, remedy=remedy)


class Conflict(GraderError):
    """Somebody else, or an earlier request, was first; what is there now stands."""


class OperationError(GraderError):
    """Something of ours failed; it is never the student's fault and never costs points."""

    exit_code = 3


class ConfigurationError(OperationError):
    """A setting, a library version or a folder of this installation cannot be used."""


class DatabaseUnavailable(OperationError):
    """The database cannot be reached, is locked for too long, or has no room."""


class SchemaMismatch(OperationError):
    """The database's schema is older or newer than this program's."""


class BrokerUnavailable(OperationError):
    """The queue cannot be reached. What was accepted waits in the database."""


class SandboxUnavailable(OperationError):
    """No tier on this machine confines a program."""


class EnvironmentMissing(OperationError):
    """The packages of an assignment have not been built on this machine."""


class SandboxFailure(OperationError):
    """A jail or a worker failed before any code of a student ran."""

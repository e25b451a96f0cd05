"""What property checks can name: everything public of the package, and only that."""

from __future__ import annotations

import inspect

import reference


def test_every_name_exported_exists_and_has_a_docstring():
    assert sorted(set(reference.__all__)) == sorted(reference.__all__)
    for name in reference.__all__:
        exported = getattr(reference, name)
        if not isinstance(exported, dict):
            assert inspect.getdoc(exported), name

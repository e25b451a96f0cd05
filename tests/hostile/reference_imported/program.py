import importlib

from attack import refused


def double(x):
    wanted = ("reference", "grader", "reference.layers.dense", "grader.expected")
    stopped = [refused(importlib.import_module, name, errors=ImportError) for name in wanted]
    return 2 * x if all(stopped) else x

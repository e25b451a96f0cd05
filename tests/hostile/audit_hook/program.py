import sys


def audit(event, arguments):
    if event in ("exec", "compile"):
        raise RuntimeError("from an audit hook")


sys.addaudithook(audit)

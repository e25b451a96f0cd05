import socket

NAME = "\0grader-tests-collude"


def tell():
    kept.append(socket.socket(socket.AF_UNIX))
    kept[-1].bind(NAME)
    kept[-1].listen()


def hear():
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(NAME)
    return True


kept = []

import os
import signal

felt = []
signal.signal(signal.SIGCONT, lambda *_: felt.append(1))


def tell():
    os.kill(-1, signal.SIGCONT)


def hear():
    return bool(felt)

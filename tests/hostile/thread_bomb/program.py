import threading
import time

from attack import refused


def start():
    threading.Thread(target=time.sleep, args=(10,), daemon=True).start()


def double(x):
    return 2 * x if all(refused(start, errors=RuntimeError) for _ in range(100)) else x

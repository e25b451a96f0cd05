import gc

gc.callbacks.append(lambda *_: 1 / 0)
gc.set_threshold(1)
gc.callbacks.clear()

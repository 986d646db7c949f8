"""Ends this process, and all that it started, when whoever holds its stdin has ended."""

import os
import signal
import threading


def end_with_bench() -> None:
    def wait() -> None:
        while os.read(0, 65536):
            pass
        os.killpg(os.getpgrp(), signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()

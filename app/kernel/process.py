"""Processes that must not outlive the one that started them."""

import ctypes
import os
import signal
import sys
from multiprocessing import parent_process
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent dies, however that happens (Linux only).

    Nobody is left then who could wait for a polite end. A parent that died before this was called
    ends the process here.
    """
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("the process that started this one has ended")


def die_with_server() -> None:
    """Have a web server's worker end with it: it would keep the port, and answer beside the next.

    Does nothing in a process that no other of ours started.
    """
    server = parent_process()
    if server is not None and server.pid is not None:
        die_with(server.pid)

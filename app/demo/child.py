"""The steps between fork and exec of a PostgreSQL program: a script that becomes that program.

`child.py PARENT IDENTITY [FOLDER …] -- PROGRAM [ARGUMENT …]`

A preexec function could do the same, but Python promises nothing about those once the parent has
threads. IDENTITY is `same`, `mapped:UID` (a user namespace in which we are UID while the files stay
ours) or `user:UID:GID`, which must be able to enter each FOLDER. It runs without `site`,
so it imports nothing but the standard library.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Change identity, be bound to the parent, check the way in, and become the program."""
    parent, identity, *rest = arguments
    cut = rest.index("--")
    folders, command = rest[:cut], rest[cut + 1 :]
    try:
        become(identity)
        if sys.platform == "linux":
            # A change of user clears this, so it comes after.
            call("prctl", PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
    except OSError as error:
        sys.exit(f"cannot become {identity}: {error}")
    if os.getppid() != int(parent):
        sys.exit("the process that asked for this has ended already")
    for folder in folders:
        if not os.access(folder, os.X_OK):
            sys.exit(f"cannot enter {folder}")
    try:
        os.execv(command[0], command)
    except OSError as error:
        sys.exit(f"cannot run {command[0]}: {error}")


def become(identity: str) -> None:
    """Take on the identity. Raises OSError where the kernel forbids it."""
    kind, *ids = identity.split(":")
    if kind == "mapped":
        outer = os.geteuid(), os.getegid()
        call("unshare", CLONE_NEWUSER)
        # The kernel accepts a map of groups only from a process that has given up changing them.
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{ids[0]} {outer[0]} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{ids[0]} {outer[1]} 1", encoding="ascii")
    elif kind == "user":
        uid, gid = map(int, ids)
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)


def call(name: str, *arguments: int) -> None:
    """Call a function of the C library that Python 3.11 does not offer.

    Raises OSError when it fails.
    """
    function = getattr(ctypes.CDLL(None, use_errno=True), name)
    if function(*map(ctypes.c_ulong, arguments)) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


if __name__ == "__main__":
    main(sys.argv[1:])

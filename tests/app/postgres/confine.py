"""Run a command as a root that may not make a user namespace, as in most containers.

`confine.py COMMAND …`: a namespace of its own, with every user mapped to itself, in which
no further one can be made. Only a real root can do this.
"""

import os
import sys
from pathlib import Path

from app.demo.child import CLONE_NEWUSER, call

EVERYONE = "0 0 65536"


def main(command: list[str]) -> None:
    """Become the command, inside."""
    pid = os.getpid()
    to_child, from_parent = os.pipe()
    to_parent, from_child = os.pipe()
    writer = os.fork()
    if writer == 0:
        # A map of more than oneself can only be written from outside.
        os.read(to_parent, 1)
        for name in ("uid_map", "gid_map"):
            Path(f"/proc/{pid}/{name}").write_text(EVERYONE, encoding="ascii")
        os.write(from_parent, b".")
        os._exit(0)
    call("unshare", CLONE_NEWUSER)
    os.write(from_child, b".")
    os.read(to_child, 1)
    os.waitpid(writer, 0)
    Path("/proc/sys/user/max_user_namespaces").write_text("0", encoding="ascii")
    os.execv(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])

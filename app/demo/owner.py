"""Who PostgreSQL runs as. It refuses root, and its data must belong to whoever it runs as."""

import os
import pwd
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from app.demo.binaries import Binaries, NotStartedError

# Nothing of ours: PG* variables are meant for other servers, and the locale is set once, by initdb.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}
CHILD = Path(__file__).with_name("child.py")


@dataclass(frozen=True, slots=True)
class Identity:
    """A way to run a program, in the words of `child.py`, and the owner its folders then need."""

    name: str
    uid: int
    gid: int

    def wrap(self, command: list[str], *, through: tuple[Path, ...] = ()) -> list[str]:
        """Return the command that becomes the given one under this identity, and ends with us."""
        folders = [str(folder) for folder in through]
        ours = [sys.executable, "-I", "-S", str(CHILD), str(os.getpid()), self.name]
        return [*ours, *folders, "--", *command]

    def own(self, folder: Path) -> None:
        """Leave the folder, and only it, with this owner."""
        there = folder.stat()
        if (there.st_uid, there.st_gid) == (self.uid, self.gid):
            return
        if os.geteuid() == 0:
            os.chown(folder, self.uid, self.gid)
        elif there.st_uid != self.uid:
            raise NotStartedError(f"{folder} belongs to another user. Start as that user.")


def choose(binaries: Binaries, data: Path, sockets: Path) -> Identity:
    """Return an identity that PostgreSQL accepts and that gets to both folders; it owns `sockets`.

    Raises NotStartedError where there is none. No parent's mode or owner is ever changed.
    """
    wrong = []
    for identity in _candidates(data):
        command = [binaries.program("postgres"), "--version"]
        tried = subprocess.run(
            identity.wrap(command, through=(data.parent, sockets.parent)),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd="/",
            env=ENVIRONMENT,
            check=False,
        )
        if tried.returncode == 0:
            identity.own(sockets)
            return identity
        wrong.append(f"  as {identity.name}: {tried.stderr.decode(errors='replace').strip()}")
    advice = (
        "PostgreSQL never runs as root. Move the checkout to a folder that others may enter,"
        " start as an ordinary user, or set DATABASE_URL."
    )
    raise NotStartedError("\n".join(["PostgreSQL cannot run here:", *wrong, advice]))


def _candidates(data: Path) -> list[Identity]:
    ours = Identity("same", os.geteuid(), os.getegid())
    mapped = Identity(f"mapped:{_known_uid()}", ours.uid, ours.gid)
    owner = data.stat() if data.exists() else None
    if ours.uid != 0:
        if owner is not None and owner.st_uid != ours.uid:
            raise NotStartedError(f"{data} belongs to another user. Start as that user.")
        # initdb gives up on a user without a name, as in containers with made-up numbers.
        return [ours] if _has_name(ours.uid) else [mapped, ours]
    if owner is not None and owner.st_uid != 0:
        return [_user(owner.st_uid, owner.st_gid)]
    return [mapped] if owner is not None else [mapped, _nobody()]


def _user(uid: int, gid: int) -> Identity:
    return Identity(f"user:{uid}:{gid}", uid, gid)


def _nobody() -> Identity:
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return _user(65534, 65534)
    return _user(nobody.pw_uid, nobody.pw_gid)


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _known_uid() -> int:
    """Return a named user, not root and not `nobody`, who appears to own all that is not mapped."""
    overflow = 65534
    return next((p.pw_uid for p in pwd.getpwall() if p.pw_uid not in (0, overflow)), 1000)

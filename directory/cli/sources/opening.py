"""Finding out what somebody wants to import."""

import zipfile
from pathlib import Path

from directory.cli.sources.feeds import Feed
from directory.cli.sources.lines import json_file
from directory.cli.sources.packages import Package
from directory.cli.sources.reading import Source
from directory.terms.exchange import SourceRefused


def source_at(named: str) -> Source:
    """Return what reads a file, folder or feed; `SourceRefused` if nothing can be read there."""
    if "://" in named:
        return Feed(named)
    path = Path(named)
    if path.is_dir():
        return Package(path)
    if not path.is_file():
        message = f"There is no file and no folder {named}, and it is no web address."
        raise SourceRefused(message)
    if path.suffix.lower() == ".csv":
        message = (
            f"{named} is one table of a package. Give the folder or the zip that it is in, with "
            "its other tables and their datapackage.json."
        )
        raise SourceRefused(message)
    try:
        packed = path.suffix.lower() == ".zip" or zipfile.is_zipfile(path)
        return Package(path) if packed else json_file(path)
    except OSError as error:
        message = f"{named} cannot be read: {error.strerror}."
        raise SourceRefused(message) from error

"""Somebody's server, written by hand: a feed that answers as it is told to."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

ABOUT = {
    "version": "HSDS-UK-3.0",
    "profile": "https://example.org/profile",
    "openapi_url": "https://example.org/openapi.json",
    "publisher": "Somebody's council",
    "licence": "https://example.org/licence",
}
Answer = tuple[int, Any]


@dataclass
class Somebody:
    """What a feed holds, and how it differs from what the standard asks."""

    services: list[dict[str, Any]]
    about: Any = field(default_factory=lambda: dict(ABOUT))
    page: int = 2
    offers_full: bool = False
    taxonomies: list[dict[str, Any]] = field(default_factory=list)
    instead: dict[str, Callable[[], Answer]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(self, target: str) -> Answer:
        self.asked.append(target)
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path in self.instead:
            return self.instead[parts.path]()
        match parts.path.strip("/").split("/"):
            case [""]:
                return 200, self.about
            case ["services"]:
                return 200, self._page(query)
            case ["services", one]:
                found = [service for service in self.services if service["id"] == one]
                return (200, found[0]) if found else (404, {})
            case ["taxonomies"]:
                return 200, {"contents": self.taxonomies, "last_page": True}
        return 404, {}

    def _page(self, query: dict[str, str]) -> Any:
        number = int(query.get("page", "1"))
        rows = self.services[(number - 1) * self.page : number * self.page]
        if not (self.offers_full and query.get("full") == "true"):
            rows = [{name: row[name] for name in ("id", "name", "status")} for row in rows]
        pages = -(-len(self.services) // self.page)
        return {
            "total_items": len(self.services),
            "total_pages": pages,
            "page_number": number,
            "size": len(rows),
            "first_page": number == 1,
            "last_page": number >= pages,
            "empty": not rows,
            "contents": rows,
        }


@contextmanager
def served(somebody: Somebody) -> Iterator[str]:
    """Yield the address of a server that answers as this feed does."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, body = somebody.answer(self.path)
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            if status in {301, 302}:
                self.send_header("Location", body.decode())
                content = b""
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

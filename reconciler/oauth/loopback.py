"""Receive the browser's redirect on a loopback port (RFC 8252): one request, one answer, then the port is closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from time import monotonic
from urllib.parse import urlsplit

from reconciler.errors import Unanswered

_PATH = "/callback"
_PAGE = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>jmctl</title>
<p>You can close this page and go back to the terminal.</p></html>"""


class Redirect:
    """A listening loopback port. `uri` is what the authorization server redirects to."""

    def __init__(self, server: HTTPServer) -> None:
        self._server = server
        self.uri = f"http://127.0.0.1:{server.server_port}{_PATH}"

    def wait(self, seconds: float) -> str:
        """The query of the redirect. Raises Unanswered when none came within `seconds`."""
        until = monotonic() + seconds
        while (left := until - monotonic()) > 0:
            self._server.timeout = left
            self._server.handle_request()
            query: str | None = getattr(self._server, "query", None)
            if query is not None:
                return query
        raise Unanswered("signing in failed", f"no answer within {seconds:.0f} s", hint="jmctl login")


@contextmanager
def listen() -> Iterator[Redirect]:
    """A port of 127.0.0.1 that the system chooses; closed at the end."""
    with HTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.host = f"127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]  # read by the handler
        yield Redirect(server)


class _Handler(BaseHTTPRequestHandler):
    timeout = 5.0  # a connection that sends nothing must not hold the port

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        # another host name would be a page that had this port resolved to loopback
        asked = self.headers.get("host") == self.server.host  # type: ignore[attr-defined]  # set by listen
        if not asked or parts.path != _PATH or not parts.query:
            self.send_error(404)
            return
        self.server.query = parts.query  # type: ignore[attr-defined]  # read by Redirect.wait
        self.send_response(200)
        for name, value in (
            ("content-type", "text/html; charset=utf-8"),
            ("content-length", str(len(_PAGE))),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("connection", "close"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(_PAGE)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Nothing is logged: the request line holds the code."""

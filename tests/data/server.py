"""A real HTTP server on this machine that serves as told: well, or in all the ways servers fail."""

import re
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """What the server says to one path.

    `script` changes the next answers to GET, one entry each: `status` and `headers` for an error, `stop_after` and
    `stall_after` for a number of bytes after which it hangs up or falls silent.
    """

    body: bytes = b""
    status: int = 200
    cut_bytes: int = 0  # promises so many more than it sends
    chunked: bool = False  # does not say how much will come
    ranges: bool = True  # else it sends everything, whatever is asked for
    headers: dict = field(default_factory=dict)
    script: list = field(default_factory=list)


@dataclass
class Site:
    """A running server: what it answers, which paths were fetched from it, and which ranges were asked for."""

    address: str
    answers: dict[str, Answer] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    ranges: list[str | None] = field(default_factory=list)
    sent_bytes: int = 0

    def serve(self, path, body=b"", **options):
        self.answers[path] = Answer(body, **options)
        return self.address + path


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_HEAD(self):
        answer = self._answer()
        self._start(200 if answer.script else answer.status, len(answer.body) + answer.cut_bytes, answer.headers)

    def do_GET(self):
        site, answer = self.server.site, self._answer()
        site.fetched.append(self.path)
        site.ranges.append(self.headers.get("Range"))
        step = answer.script.pop(0) if answer.script else {}
        status, headers = step.get("status", answer.status), {**answer.headers, **step.get("headers", {})}
        if status != 200:
            self._start(status, 0, headers)
            return
        body, status, headers = self._wanted(answer, headers)
        self._start(status, None if answer.chunked else len(body) + answer.cut_bytes, headers)
        stop = step.get("stop_after", step.get("stall_after"))
        self._send(body[:stop], chunked=answer.chunked)
        if "stall_after" in step:
            self.server.stop.wait(30)
        if stop is not None or answer.cut_bytes:
            self.close_connection = True

    def _answer(self):
        return self.server.site.answers.get(self.path, Answer(status=404))

    def _wanted(self, answer, headers):
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        version = self.headers.get("If-Range")
        if not asked or not answer.ranges or version not in (None, headers.get("ETag"), headers.get("Last-Modified")):
            return answer.body, 200, headers
        first, last = int(asked[1]), min(int(asked[2] or len(answer.body)), len(answer.body) - 1)
        if first >= len(answer.body):
            return b"", 416, headers
        stated = {"Content-Range": f"bytes {first}-{last}/{len(answer.body)}"}
        return answer.body[first : last + 1], 206, stated | headers

    def _start(self, status, length, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if length is None:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def _send(self, body, *, chunked):
        self.server.site.sent_bytes += len(body)
        try:
            if chunked:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(body), body) * bool(body) + b"0\r\n\r\n")
            else:
                self.wfile.write(body)
            self.wfile.flush()
        except OSError:
            self.close_connection = True  # whoever asked has gone

    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.site = Site(f"http://127.0.0.1:{self.server_port}")
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.shutdown()
        self.server_close()
        self.thread.join()

    def handle_error(self, request, client_address):
        """Say nothing: a client that hangs up is part of the tests."""


def wait_until(condition, seconds=20):
    """Wait for something another thread does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)

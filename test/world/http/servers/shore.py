"""The shore of the trials on Python's http.server: see node.ts beside it."""
import gzip
import os
import signal
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PIECE = "0123456789abcdef" * 64
LOG = open(os.environ["LOG"], "a", buffering=1)


class Shore(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.number = f"{self.client_address[1]} {time.monotonic_ns()}"

    def log_message(self, *_):
        pass

    def say(self, content, status=200, **headers):
        content = content.encode() if isinstance(content, str) else content
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if status not in (204, 304):
            self.send_header("content-length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def pieces(self, contents, pause=0.0):
        self.send_response(200)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        if self.command == "HEAD":
            return
        for content in contents:
            self.wfile.write(f"{len(content):x}\r\n{content}\r\n".encode())
            time.sleep(pause)
        self.wfile.write(b"0\r\n\r\n")

    def answer(self):
        address = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        for name in parse_qs(address.query).get("id", []):
            LOG.write(f"{name}\n")
        match address.path:
            case "/small": self.say("ok")
            case "/connection": self.say(self.number)
            case "/chunked": self.pieces([PIECE] * 3)
            case "/large": self.say(PIECE * 8192)
            case "/gzip": self.say(gzip.compress((PIECE * 100).encode()), content_encoding="gzip")
            case "/204": self.say("", 204)
            case "/304": self.say("", 304)
            case "/redirect": self.say("", 302, location="/small")
            case "/echo": self.say(body)
            case "/close": self.say("ok", connection="close")
            case "/slow": self.pieces("x" * 10, 0.01)

    do_GET = do_HEAD = do_POST = answer


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


server = Server(("127.0.0.1", int(os.environ["PORT"])), Shore)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever()

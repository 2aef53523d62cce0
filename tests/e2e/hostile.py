# SPDX-License-Identifier: MIT
"""A server on loopback that answers signalling with what no good server sends."""

import base64
import hashlib
import os
import socketserver
import struct
import threading

# RFC 6455 section 1.3.
MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, BINARY, CLOSE = 1, 2, 8


def frame(payload, opcode=BINARY, claimed=None):
    """One unmasked WebSocket frame, which may claim another length than it has."""
    length = len(payload) if claimed is None else claimed
    if length < 126:
        head = struct.pack(">BB", 0x80 | opcode, length)
    elif length < 65536:
        head = struct.pack(">BBH", 0x80 | opcode, 126, length)
    else:
        head = struct.pack(">BBQ", 0x80 | opcode, 127, length)
    return head + payload


def field(number, payload):
    """A length-delimited protobuf field shorter than 128 bytes."""
    return bytes([number << 3 | 2, len(payload)]) + payload


# What follows the WebSocket handshake; a JoinResponse is field 1 of a SignalResponse.
WEBSOCKET = {
    "garbage": frame(os.urandom(4096)),
    "text": frame(b"<html>not here</html>", TEXT),
    "truncated": frame(field(1, field(1, b"room"))[:-3]),
    "endless-length": frame(b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
    "deep": frame(b"\x0b" * 60000),  # nothing but "start group"
    "huge-frame": frame(b"\x0a", claimed=2**62),
    "empty": frame(b""),
    "not-a-join": frame(field(5, b"")),
    "closing": frame(struct.pack(">H", 1011), CLOSE),
    "closing-and-staying": frame(struct.pack(">H", 1011), CLOSE),
    "hanging-up": b"",
    "silent": None,  # says nothing and holds the connection
}
# Instead of it.
HTTP = {
    "html": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 22\r\n\r\n<html>Welcome!</html>\n",
    "server-error": b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n",
    "not-found": b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    "no-http": b"SSH-2.0-OpenSSH_9.9\r\n",
}


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        key = b""
        while line := self.rfile.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"sec-websocket-key":
                key = value.strip()
        self.server.asked.set()
        kind = self.server.kind
        if kind in HTTP:
            self.wfile.write(HTTP[kind])
            return
        accept = base64.b64encode(hashlib.sha1(key + MAGIC).digest())
        self.wfile.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                         b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        answer = WEBSOCKET[kind]
        if answer:
            self.wfile.write(answer)
        # Whatever is not an end leaves the connection open, as a broken server would.
        if kind not in ("closing", "hanging-up"):
            while self.rfile.read1(4096):
                pass


class Hostile(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, kind):
        super().__init__(("127.0.0.1", 0), Handler)
        self.kind = kind
        self.asked = threading.Event()
        self.url = "ws://127.0.0.1:%d" % self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass  # the client hangs up in the middle, as it should

    def stop(self):
        self.shutdown()
        self.server_close()

# SPDX-License-Identifier: MIT
"""A way to the server's signalling that can be cut in mid-call."""

import socket
import socketserver
import struct
import threading
import urllib.parse


def _forward(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass  # cut, or one side has gone
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        with socket.create_connection(self.server.target) as beyond:
            self.server.take(self.request)
            back = threading.Thread(target=_forward, args=(beyond, self.request), daemon=True)
            back.start()
            _forward(self.request, beyond)
            back.join()


class Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, url):
        super().__init__(("127.0.0.1", 0), Handler)
        address = urllib.parse.urlsplit(url)
        self.target = (address.hostname, address.port)
        self.url = "ws://127.0.0.1:%d" % self.server_address[1]
        self.connections = 0
        self._open = []
        self._changed = threading.Condition()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def take(self, connection):
        with self._changed:
            self.connections += 1
            self._open.append(connection)
            self._changed.notify_all()

    def cut(self):
        """Ends all connections as a network does: with a reset, no goodbye."""
        with self._changed:
            for connection in self._open:
                try:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # it had ended by itself
            self._open.clear()

    def wait_connections(self, count, timeout_s):
        with self._changed:
            return self._changed.wait_for(lambda: self.connections >= count, timeout_s)

    def handle_error(self, request, client_address):
        pass  # whoever was cut knows

    def stop(self):
        self.cut()
        self.shutdown()
        self.server_close()

"""A Socket.IO client that shares no code with the official ones, python-socketio, through a small script.

    python_client.py ORIGIN NAMESPACE TRANSPORT

TRANSPORT is polling, websocket or upgrade. Each callback and answer goes to the standard output as a line of JSON:
[client, what, ...values]. Exit status 3: the packages are missing.
"""

import json
import os
import queue
import sys
import threading

PACKAGES = "python3-socketio python3-requests python3-websocket"

try:
    import requests  # noqa: F401, needed for polling
    import socketio
    import websocket  # noqa: F401, needed for WebSocket
except ImportError as error:
    print(f"{error}: expected the Debian packages {PACKAGES}", file=sys.stderr)
    sys.exit(3)

PATIENCE_S = 20
TRANSPORTS = {"polling": ["polling"], "websocket": ["websocket"], "upgrade": ["polling", "websocket"]}


def plain(value):
    """As it is logged: binary in hex."""
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": bytes(value).hex()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


one_line_at_a_time = threading.Lock()


def log(client, what, *values):
    with one_line_at_a_time:
        sys.stdout.write(json.dumps([client, what, *map(plain, values)]) + "\n")
        sys.stdout.flush()


class Client:
    """One connection; what arrives in `namespace` is logged and can be waited for."""

    def __init__(self, name, origin, namespace, transport, wait_timeout=PATIENCE_S, **options):
        self.name = name
        self.namespace = namespace
        self.arrived = queue.Queue()
        self.socket = socketio.Client(reconnection=False)
        for event in ("connect", "connect_error", "disconnect", "auth", "message-back", "news", "left"):
            self.socket.on(event, self.handler(event), namespace=namespace)
        self.socket.connect(
            origin, transports=TRANSPORTS[transport], namespaces=[namespace], wait_timeout=wait_timeout, **options
        )

    def handler(self, event):
        return lambda *values: self.heard(event, *values)

    def heard(self, event, *values):
        log(self.name, event, *values)
        self.arrived.put(event)

    def wait(self, event):
        while self.arrived.get(timeout=PATIENCE_S) != event:
            pass

    def emit(self, event, *values):
        self.socket.emit(event, values, namespace=self.namespace)

    def ask(self, event, *values):
        answer = self.socket.call(event, values, namespace=self.namespace, timeout=PATIENCE_S)
        log(self.name, f"ack of {event}", answer)

    def told_to_leave(self):
        # Not disconnect(): its thread that writes may be stopped before it has sent the packet.
        self.emit("kick", False)
        self.wait("disconnect")


def refused(origin, transport):
    try:
        # connect() waits all that time, although it has been refused.
        Client("mallory", origin, "/guarded", transport, wait_timeout=3, auth={"token": "wrong"})
    except socketio.exceptions.ConnectionError as error:
        log("mallory", "refused", str(error))


def script(origin, namespace, transport):
    alice = Client("alice", origin, namespace, transport, auth={"token": "123", "n": 1})
    alice.wait("auth")
    alice.emit("message", 1, "2", {"3": [True, None]}, "täst ☃ 😀")
    alice.wait("message-back")
    alice.ask("message-with-ack", "one", {"two": 2})
    alice.ask("message-with-ack")
    alice.emit("message", b"\x01\x02\xff", {"deep": [b""]}, "between")
    alice.wait("message-back")
    alice.ask("message-with-ack", b"binary", "ack", b"\x00")

    bob = Client("bob", origin, namespace, transport)
    bob.wait("auth")
    bob.ask("name", "bob")
    bob.ask("join", "red")
    alice.ask("join", "watchers")
    alice.ask("send", {"to": ["red"]}, "news", ["for red", b"\x07"])
    bob.wait("news")
    bob.ask("leave", "red")
    alice.ask("send", {"to": ["red"]}, "news", ["for nobody"])
    alice.ask("fetch", None)
    bob.told_to_leave()
    alice.wait("left")
    alice.ask("leave", "watchers")
    refused(origin, transport)
    alice.told_to_leave()


if __name__ == "__main__":
    script(*sys.argv[1:])
    os._exit(0)  # nobody waits for its threads, of which one polls on

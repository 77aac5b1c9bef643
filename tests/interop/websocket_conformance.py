#!/usr/bin/env python3
"""Walks the case list of the Autobahn WebSocket test suite (groups 1-7, 9, 10) against an echo server.

    websocket_conformance.py PATH_OF_ECHO_SERVER     starts it on a free port
    websocket_conformance.py --port PORT             uses one that runs on 127.0.0.1

Raw sockets and the standard library only, so that what is on the wire is exactly what a case says. Prints each case that
fails, then "N passed, N failed"; exits with 1 if any failed. Groups 12 and 13 are about compression, which is off.
"""
import os
import socket
import struct
import subprocess
import sys

TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10
TIMEOUT_S = 20


class Failed(Exception):
    pass


def check(condition, message):
    if not condition:
        raise Failed(message)


def frame(opcode, payload=b"", fin=True, rsv=0, mask=None):
    """A client's frame."""
    mask = os.urandom(4) if mask is None else mask
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    size = len(payload)
    if size < 126:
        head += bytes([0x80 | size])
    elif size < 65536:
        head += bytes([0x80 | 126]) + struct.pack(">H", size)
    else:
        head += bytes([0x80 | 127]) + struct.pack(">Q", size)
    key = (mask * (size // 4 + 1))[:size]
    masked = (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")
    return head + mask + masked


def close_payload(code, reason=b""):
    return struct.pack(">H", code) + reason


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray()
        self.socket.sendall(
            b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
        while b"\r\n\r\n" not in self.buffer:
            check(self.fill(), "the connection ended during the handshake")
        head, _, rest = bytes(self.buffer).partition(b"\r\n\r\n")
        check(head.startswith(b"HTTP/1.1 101 "), "no upgrade: %r" % head[:60])
        check(b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head, "wrong Sec-WebSocket-Accept")
        self.buffer = bytearray(rest)

    def fill(self):
        try:
            data = self.socket.recv(1 << 18)
        except ConnectionError:
            return False
        self.buffer += data
        return bool(data)

    def send(self, *frames, chop=None):
        data = b"".join(frames)
        try:
            if chop is None:
                self.socket.sendall(data)
            else:
                for i in range(0, len(data), chop):
                    self.socket.sendall(data[i:i + chop])
        except ConnectionError:
            pass  # a case that is to fail may be cut while it still sends

    def need(self, size):
        while len(self.buffer) < size:
            if not self.fill():
                return False
        return True

    def read_frame(self):
        """(opcode, fin, payload), or None at the end of the connection."""
        if not self.need(2):
            return None
        first, second = self.buffer[0], self.buffer[1]
        check(first & 0x70 == 0, "the server sent reserved bits")
        check(second & 0x80 == 0, "the server sent a masked frame")
        size, at = second & 0x7F, 2
        if size == 126:
            check(self.need(4), "cut inside a header")
            size, at = struct.unpack_from(">H", self.buffer, 2)[0], 4
            check(size >= 126, "a length that is not the shortest")
        elif size == 127:
            check(self.need(10), "cut inside a header")
            size, at = struct.unpack_from(">Q", self.buffer, 2)[0], 10
            check(size >= 65536, "a length that is not the shortest")
        check(self.need(at + size), "cut inside a payload")
        payload = bytes(self.buffer[at:at + size])
        del self.buffer[:at + size]
        return first & 0x0F, bool(first & 0x80), payload

    def read(self):
        """A control frame, or a whole message: (opcode, payload); None at the end."""
        message = None
        while True:
            got = self.read_frame()
            if got is None:
                check(message is None, "cut inside a message")
                return None
            opcode, fin, payload = got
            if opcode >= 8:
                check(fin and len(payload) <= 125, "the server sent a bad control frame")
                return opcode, payload
            if message is None:
                check(opcode in (TEXT, BINARY), "the server sent a bare continuation")
                message = (opcode, bytearray())
            else:
                check(opcode == CONTINUATION, "the server broke off a message")
            message[1].extend(payload)
            if fin:
                return message[0], bytes(message[1])

    def expect(self, opcode, payload):
        got = self.read()
        check(got is not None, "the connection ended, expected opcode %d" % opcode)
        check(got[0] == opcode, "expected opcode %d, got %d (%r)" % (opcode, got[0], got[1][:20]))
        check(got[1] == payload, "another payload came back (%d bytes for %d)" % (len(got[1]), len(payload)))

    def expect_end(self):
        """After the closing handshake the server ends the TCP connection, with nothing more said."""
        got = self.read()
        check(got is None, "something came after the close frame: %r" % (got,))

    def close(self, code=1000, reason=b""):
        self.send(frame(CLOSE, close_payload(code, reason)))
        self.expect(CLOSE, close_payload(code, reason))
        self.expect_end()

    def expect_failure(self, code, allowed=()):
        """The server fails the connection: a close frame with `code`, or none at all. `allowed` may come before."""
        allowed = list(allowed)
        while True:
            got = self.read()
            if got is not None and got[0] != CLOSE and allowed and got == allowed[0]:
                allowed.pop(0)
                continue
            break
        if got is None:
            return
        check(got[0] == CLOSE, "expected the connection to fail, got opcode %d (%r)" % (got[0], got[1][:20]))
        check(len(got[1]) >= 2, "a close frame without a code")
        check(struct.unpack(">H", got[1][:2])[0] == code,
              "expected close code %d, got %d" % (code, struct.unpack(">H", got[1][:2])[0]))
        self.expect_end()


CASES = []


def case(name):
    def add(run):
        CASES.append((name, run))
        return run
    return add


def each(prefix, values, run, first=1):
    for i, value in enumerate(values, first):
        CASES.append(("%s.%d" % (prefix, i), lambda client, value=value: run(client, value)))


def echo(client, opcode, payload, chop=None):
    client.send(frame(opcode, payload), chop=chop)
    client.expect(opcode, payload)


# 1: framing ----------------------------------------------------------------------------------------------------------

SIZES = [(0, None), (125, None), (126, None), (127, None), (128, None), (65535, None), (65536, None), (65536, 997)]


def framing(opcode, filler):
    def run(client, value):
        size, chop = value
        echo(client, opcode, filler * size, chop)
        client.close()
    return run


each("1.1", SIZES, framing(TEXT, b"*"))
each("1.2", SIZES, framing(BINARY, b"\xfe"))

# 2: pings and pongs --------------------------------------------------------------------------------------------------


def ping(payload, chop=None):
    def run(client):
        client.send(frame(PING, payload), chop=chop)
        client.expect(PONG, payload)
        client.close()
    return run


case("2.1")(ping(b""))
case("2.2")(ping(b"Hello, world!"))
case("2.3")(ping(b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff"))
case("2.4")(ping(b"\xfe" * 125))
case("2.6")(ping(b"\xfe" * 125, chop=1))


@case("2.5")
def _(client):
    client.send(frame(PING, b"\xfe" * 126))
    client.expect_failure(1002)


@case("2.7")
def _(client):
    client.send(frame(PONG))
    client.close()


@case("2.8")
def _(client):
    client.send(frame(PONG, b"unsolicited pong payload"))
    client.close()


@case("2.9")
def _(client):
    client.send(frame(PONG, b"unsolicited pong payload"), frame(PING, b"ping payload"))
    client.expect(PONG, b"ping payload")
    client.close()


def ten_pings(chop):
    def run(client):
        payloads = [b"payload-%d" % i for i in range(10)]
        client.send(*[frame(PING, payload) for payload in payloads], chop=chop)
        for payload in payloads:
            client.expect(PONG, payload)
        client.close()
    return run


case("2.10")(ten_pings(None))
case("2.11")(ten_pings(1))

# 3: reserved bits ----------------------------------------------------------------------------------------------------

HELLO = b"Hello, world!"


@case("3.1")
def _(client):
    client.send(frame(TEXT, HELLO, rsv=1))
    client.expect_failure(1002)


def reserved_after_text(rsv, chop):
    def run(client):
        client.send(frame(TEXT, HELLO), frame(TEXT, HELLO, rsv=rsv), frame(PING), chop=chop)
        client.expect_failure(1002, allowed=[(TEXT, HELLO)])
    return run


case("3.2")(reserved_after_text(2, None))
case("3.3")(reserved_after_text(3, len(HELLO) + 6))
case("3.4")(reserved_after_text(4, 1))


@case("3.5")
def _(client):
    client.send(frame(BINARY, b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff", rsv=5))
    client.expect_failure(1002)


@case("3.6")
def _(client):
    client.send(frame(PING, HELLO, rsv=6))
    client.expect_failure(1002)


@case("3.7")
def _(client):
    client.send(frame(CLOSE, close_payload(1000), rsv=7))
    client.expect_failure(1002)

# 4: reserved opcodes -------------------------------------------------------------------------------------------------


def reserved_opcodes(group, opcodes):
    shapes = [(b"", False, None), (b"reserved opcode payload", False, None), (b"", True, None),
              (b"reserved opcode payload", True, None), (b"reserved opcode payload", True, 1)]

    def run(client, value):
        opcode, (payload, after_text, chop) = value
        before = [frame(TEXT, HELLO)] if after_text else []
        client.send(*before, frame(opcode, payload), frame(PING), chop=chop)
        client.expect_failure(1002, allowed=[(TEXT, HELLO)] if after_text else [])
    each(group, list(zip(opcodes, shapes)), run)


reserved_opcodes("4.1", [3, 4, 5, 6, 7])
reserved_opcodes("4.2", [11, 12, 13, 14, 15])

# 5: fragmentation ----------------------------------------------------------------------------------------------------


def fragmented_control(opcode):
    def run(client):
        client.send(frame(opcode, b"fragment1", fin=False), frame(CONTINUATION, b"fragment2"))
        client.expect_failure(1002)
    return run


case("5.1")(fragmented_control(PING))
case("5.2")(fragmented_control(PONG))


def two_fragments(chop, with_ping):
    def run(client):
        between = [frame(PING, b"ping payload")] if with_ping else []
        client.send(frame(TEXT, b"fragment1", fin=False), *between, frame(CONTINUATION, b"fragment2"), chop=chop)
        if with_ping:
            client.expect(PONG, b"ping payload")
        client.expect(TEXT, b"fragment1fragment2")
        client.close()
    return run


for number, chop, with_ping in [(3, None, False), (4, 15, False), (5, 1, False), (6, None, True), (7, 15, True), (8, 1, True)]:
    case("5.%d" % number)(two_fragments(chop, with_ping))


def orphan_continuation(fin, chop):
    def run(client):
        client.send(frame(CONTINUATION, b"non-continuation payload", fin=fin), frame(TEXT, HELLO), chop=chop)
        client.expect_failure(1002)
    return run


for number, fin, chop in [(9, True, None), (10, True, 30), (11, True, 1), (12, False, None), (13, False, 30), (14, False, 1)]:
    case("5.%d" % number)(orphan_continuation(fin, chop))


@case("5.15")
def _(client):
    client.send(frame(TEXT, b"fragment1", fin=False), frame(CONTINUATION, b"fragment2"),
                frame(CONTINUATION, b"fragment3", fin=False), frame(TEXT, b"fragment4"))
    client.expect_failure(1002, allowed=[(TEXT, b"fragment1fragment2")])


def orphans_between_texts(fin):
    def run(client):
        for _ in range(2):
            client.send(frame(CONTINUATION, b"fragment1", fin=fin), frame(TEXT, b"fragment2"))
        client.expect_failure(1002)
    return run


case("5.16")(orphans_between_texts(False))
case("5.17")(orphans_between_texts(True))


@case("5.18")
def _(client):
    client.send(frame(TEXT, b"fragment1", fin=False), frame(TEXT, b"fragment2"))
    client.expect_failure(1002)


def five_fragments(chop):
    def run(client):
        client.send(frame(TEXT, b"fragment1", fin=False), frame(CONTINUATION, b"fragment2", fin=False),
                    frame(PING, b"pongme 1!"), chop=chop)
        client.expect(PONG, b"pongme 1!")
        client.send(frame(CONTINUATION, b"fragment3", fin=False), frame(CONTINUATION, b"fragment4", fin=False),
                    frame(PING, b"pongme 2!"), frame(CONTINUATION, b"fragment5"), chop=chop)
        client.expect(PONG, b"pongme 2!")
        client.expect(TEXT, b"fragment1fragment2fragment3fragment4fragment5")
        client.close()
    return run


case("5.19")(five_fragments(None))
case("5.20")(five_fragments(1))

# 6: UTF-8 ------------------------------------------------------------------------------------------------------------


def text_in(pieces, chop=None):
    """A text message of these fragments, echoed."""
    def run(client):
        send_fragments(client, pieces, chop)
        client.expect(TEXT, b"".join(pieces))
        client.close()
    return run


def send_fragments(client, pieces, chop=None):
    last = len(pieces) - 1
    client.send(*[frame(TEXT if i == 0 else CONTINUATION, piece, fin=i == last) for i, piece in enumerate(pieces)],
                chop=chop)


def octets(data):
    return [data[i:i + 1] for i in range(len(data))]


def bad_text_in(pieces):
    def run(client):
        send_fragments(client, pieces)
        client.expect_failure(1007)
    return run


VALID_TEXT = "Hello-µ@ßöäüàá-UTF-8!!".encode()
INVALID_TEXT = bytes.fromhex("cebae1bdb9cf83cebcceb5eda08065646974 6564".replace(" ", ""))

case("6.1.1")(text_in([b""]))
case("6.1.2")(text_in([b"", b"", b""]))
case("6.1.3")(text_in([b"", b"middle frame payload", b""]))
case("6.2.1")(text_in([VALID_TEXT]))
case("6.2.2")(text_in([VALID_TEXT[:12], VALID_TEXT[12:]]))
case("6.2.3")(text_in(octets(VALID_TEXT)))
case("6.2.4")(text_in(octets(bytes.fromhex("cebae1bdb9cf83cebcceb5"))))
case("6.3.1")(bad_text_in([INVALID_TEXT]))
case("6.3.2")(bad_text_in(octets(INVALID_TEXT)))


def fail_fast(pieces, chop_at=None):
    """Failing at the bad byte or at the message's end are both allowed."""
    def run(client):
        if chop_at is None:
            for i, piece in enumerate(pieces):
                client.send(frame(TEXT if i == 0 else CONTINUATION, piece, fin=i == len(pieces) - 1))
        else:
            data = frame(TEXT, b"".join(pieces))
            client.send(data[:chop_at])
            client.send(data[chop_at:chop_at + 1])
            client.send(data[chop_at + 1:])
        client.expect_failure(1007)
    return run


FAST = [bytes.fromhex("cebae1bdb9cf83cebcceb5"), bytes.fromhex("f4908080"), b"edited"]
case("6.4.1")(fail_fast(FAST))
case("6.4.2")(fail_fast([FAST[0] + b"\xf4", b"\x90", b"\x80\x80edited"]))
case("6.4.3")(fail_fast(FAST, chop_at=6 + 12))
case("6.4.4")(fail_fast(FAST, chop_at=6 + 13))


def utf8_group(group, samples):
    """Hexadecimal samples; a "!" before one says that it is not UTF-8."""
    for i, sample in enumerate(samples, 1):
        data = bytes.fromhex(sample.lstrip("!"))
        if sample.startswith("!"):
            case("%s.%d" % (group, i))(bad_text_in([data]))
        else:
            case("%s.%d" % (group, i))(text_in([data]))


utf8_group("6.5", ["66 c2 b5 c3 b6", "f0 9d 84 9e", "ef bf bd", "41 e2 89 a2 ce 91 2e", "e6 97 a5 e6 9c ac e8 aa 9e"])
utf8_group("6.6", ["!ce", "ce ba", "!ce ba e1", "!ce ba e1 bd", "ce ba e1 bd b9", "!ce ba e1 bd b9 cf", "ce ba e1 bd b9 cf 83",
                   "!ce ba e1 bd b9 cf 83 ce", "ce ba e1 bd b9 cf 83 ce bc", "!ce ba e1 bd b9 cf 83 ce bc ce",
                   "ce ba e1 bd b9 cf 83 ce bc ce b5"])
utf8_group("6.7", ["00", "c2 80", "e0 a0 80", "f0 90 80 80"])                     # the first of each length
utf8_group("6.8", ["!f8 88 80 80 80", "!fc 84 80 80 80 80"])
utf8_group("6.9", ["7f", "df bf", "ef bf bf", "f4 8f bf bf"])                     # the last of each length
utf8_group("6.10", ["!f7 bf bf bf", "!fb bf bf bf bf", "!fd bf bf bf bf bf"])
utf8_group("6.11", ["ed 9f bf", "ee 80 80", "ef bf bd", "f4 8f bf bf", "!f4 90 80 80"])  # around the limits
utf8_group("6.12", ["!80", "!bf", "!80 bf", "!80 bf 80", "!80 bf 80 bf", "!80 bf 80 bf 80", "!80 bf 80 bf 80 bf",
                    "!" + "".join("%02x" % i for i in range(0x80, 0xBF))])        # lone continuations
utf8_group("6.13", ["!" + "".join("%02x 20" % i for i in block) for block in
                    (range(0xC0, 0xE0), range(0xE0, 0xF0), range(0xF0, 0xF8), range(0xF8, 0xFC), range(0xFC, 0xFE))])
utf8_group("6.14", ["!c0", "!e0 80", "!f0 80 80", "!f8 80 80 80", "!fc 80 80 80 80", "!df", "!ef bf", "!f7 bf bf",
                    "!fb bf bf bf", "!fd bf bf bf bf"])                           # the last byte is missing
utf8_group("6.15", ["!c0 e0 80 f0 80 80 f8 80 80 80 fc 80 80 80 80 df ef bf f7 bf bf fb bf bf bf fd bf bf bf bf"])
utf8_group("6.16", ["!fe", "!ff", "!fe fe ff ff"])
utf8_group("6.17", ["!c0 af", "!e0 80 af", "!f0 80 80 af", "!f8 80 80 80 af", "!fc 80 80 80 80 af"])   # overlong
utf8_group("6.18", ["!c1 bf", "!e0 9f bf", "!f0 8f bf bf", "!f8 87 bf bf bf", "!fc 83 bf bf bf bf"])
utf8_group("6.19", ["!c0 80", "!e0 80 80", "!f0 80 80 80", "!f8 80 80 80 80", "!fc 80 80 80 80 80"])
utf8_group("6.20", ["!ed a0 80", "!ed ad bf", "!ed ae 80", "!ed af bf", "!ed b0 80", "!ed be 80", "!ed bf bf"])  # surrogates
utf8_group("6.21", ["!ed a0 80 ed b0 80", "!ed a0 80 ed bf bf", "!ed ad bf ed b0 80", "!ed ad bf ed bf bf",
                    "!ed ae 80 ed b0 80", "!ed ae 80 ed bf bf", "!ed af bf ed b0 80", "!ed af bf ed bf bf"])
utf8_group("6.22", ["".join("%02x" % b for b in chr(plane << 16 | low).encode()) for plane in range(17)
                    for low in (0xFFFE, 0xFFFF)])                                  # non-characters are valid
utf8_group("6.23", ["ef bf b9", "ef bf ba", "ef bf bb", "ef bf bc", "ef bf bd", "ef bf be", "ef bf bf"])

# 7: closing ----------------------------------------------------------------------------------------------------------


@case("7.1.1")
def _(client):
    echo(client, TEXT, b"Hello World!")
    client.close()


@case("7.1.2")
def _(client):
    client.send(frame(CLOSE, close_payload(1000)), frame(CLOSE, close_payload(1000)))
    client.expect(CLOSE, close_payload(1000))
    client.expect_end()


@case("7.1.3")
def _(client):
    client.send(frame(CLOSE, close_payload(1000)), frame(PING, b"after close"))
    client.expect(CLOSE, close_payload(1000))
    client.expect_end()


@case("7.1.4")
def _(client):
    client.send(frame(CLOSE, close_payload(1000)), frame(TEXT, b"after close"))
    client.expect(CLOSE, close_payload(1000))
    client.expect_end()


@case("7.1.5")
def _(client):
    client.send(frame(TEXT, b"fragment1", fin=False), frame(CLOSE, close_payload(1000)), frame(CONTINUATION, b"fragment2"))
    client.expect(CLOSE, close_payload(1000))
    client.expect_end()


@case("7.1.6")
def _(client):
    big = b"*" * 262144
    client.send(frame(TEXT, big), frame(TEXT, b"Hello World!"), frame(CLOSE, close_payload(1000)), frame(PING, b"after close"))
    got = client.read()
    for message in (big, b"Hello World!"):
        if got == (TEXT, message):
            got = client.read()
    check(got is None or got == (CLOSE, close_payload(1000)), "expected the close frame, got %r" % (got[0],))


def close_echoed(payload):
    def run(client):
        client.send(frame(CLOSE, payload))
        got = client.read()
        check(got is not None and got[0] == CLOSE, "no close frame came back")
        check(got[1] in (payload, payload[:2], close_payload(1000)), "another close payload came back: %r" % (got[1],))
        client.expect_end()
    return run


def close_refused(payload, code=1002):
    def run(client):
        client.send(frame(CLOSE, payload))
        got = client.read()
        if got is None:
            return
        check(got[0] == CLOSE, "no close frame came back")
        check(got[1][:2] in (close_payload(code), close_payload(1007)), "expected close code %d, got %r" % (code, got[1]))
        client.expect_end()
    return run


case("7.3.1")(close_echoed(b""))
case("7.3.2")(close_refused(b"a"))
case("7.3.3")(close_echoed(close_payload(1000)))
case("7.3.4")(close_echoed(close_payload(1000, b"Hello World!")))
case("7.3.5")(close_echoed(close_payload(1000, b"*" * 123)))
case("7.3.6")(close_refused(close_payload(1000, b"*" * 124)))
case("7.5.1")(close_refused(close_payload(1000, INVALID_TEXT)))
each("7.7", [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999],
     lambda client, code: close_echoed(close_payload(code))(client))
each("7.9", [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999],
     lambda client, code: close_refused(close_payload(code))(client))


def close_somehow(client, code):
    """Informational in Autobahn: any end will do, as long as it is one."""
    client.send(frame(CLOSE, close_payload(code)))
    got = client.read()
    check(got is None or got[0] == CLOSE, "no end")
    if got is not None:
        client.expect_end()


each("7.13", [5000, 65535], close_somehow)

# 9: limits -----------------------------------------------------------------------------------------------------------

KIB, MIB = 1 << 10, 1 << 20
BIG = [64 * KIB, 256 * KIB, MIB, 4 * MIB, 8 * MIB, 16 * MIB]


def big_message(opcode, filler):
    def run(client, size):
        echo(client, opcode, filler * size)
        client.close()
    return run


def big_in_fragments(opcode, filler):
    def run(client, piece):
        total = 4 * MIB
        first = frame(opcode, filler * piece, fin=False)
        middle = frame(CONTINUATION, filler * piece, fin=False)
        client.send(first, middle * (total // piece - 1), frame(CONTINUATION))
        client.expect(opcode, filler * total)
        client.close()
    return run


def big_in_chops(opcode, filler):
    def run(client, chop):
        echo(client, opcode, filler * MIB, chop=chop)
        client.close()
    return run


def many_messages(opcode, filler):
    def run(client, size):
        data = frame(opcode, filler * size)
        for _ in range(1000):
            client.send(data)
            client.expect(opcode, filler * size)
        client.close()
    return run


for group, opcode, filler in [(1, TEXT, b"*"), (2, BINARY, b"\xfe")]:
    each("9.%d" % group, BIG, big_message(opcode, filler))
for group, opcode, filler in [(3, TEXT, b"*"), (4, BINARY, b"\xfe")]:
    each("9.%d" % group, [64, 256, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB], big_in_fragments(opcode, filler))
for group, opcode, filler in [(5, TEXT, b"*"), (6, BINARY, b"\xfe")]:
    each("9.%d" % group, [64, 128, 256, 512, KIB, 2 * KIB], big_in_chops(opcode, filler))
for group, opcode, filler in [(7, TEXT, b"*"), (8, BINARY, b"\xfe")]:
    each("9.%d" % group, [0, 16, 64, 256, KIB, 4 * KIB], many_messages(opcode, filler))

# 10: auto-fragmentation ----------------------------------------------------------------------------------------------


@case("10.1.1")
def _(client):
    data = b"*" * 65536
    send_fragments(client, [data[i:i + 1300] for i in range(0, len(data), 1300)])
    client.expect(TEXT, data)
    client.close()


def run_all(port):
    failed = 0
    for name, run in CASES:
        try:
            client = Client(port)
            try:
                run(client)
            finally:
                client.socket.close()
        except (Failed, OSError) as problem:
            failed += 1
            print("case %s: %s" % (name, problem))
    print("%d passed, %d failed" % (len(CASES) - failed, failed))
    return failed == 0


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--port":
        return run_all(int(sys.argv[2]))
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    server = subprocess.Popen([sys.argv[1], "0"], stdout=subprocess.PIPE, text=True)
    try:
        line = server.stdout.readline()
        check(line.startswith("listening on ws://"), "the echo server did not start")
        passed = run_all(int(line.strip().rsplit(":", 1)[1]))
    finally:
        server.terminate()
        status = server.wait(timeout=TIMEOUT_S)
    if status != 0:
        print("the echo server ended with status %d" % status)
    return passed and status == 0


if __name__ == "__main__":
    sys.exit(0 if main() else 1)

"""A display in memory (Xvfb), its picture read back, and hands for it (xdotool): what the tests of the window share."""

import mmap
import os
import re
import shutil
import struct
import subprocess
import tempfile
import time
import zlib

WIDTH, HEIGHT = 1280, 720
PALETTE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../game/client/palette.hpp")


def arena_color(name):
    """0xRRGGBB: the first colour that game/client/palette.hpp gives this name."""
    with open(PALETTE, encoding="utf-8") as file:
        return int(re.search(rf"\b{name}\b[^;]*?rgb\(0x([0-9A-F]{{6}})\)", file.read()).group(1), 16)


class Screen:
    """An X server of its own. `with Screen() as screen: ...` A wider one has room beside the window."""

    def __init__(self, width=WIDTH):
        self.width = width

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="scrim-window-")
        read, write = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{self.width}x{HEIGHT}x24", "-fbdir", self.folder,
             "-nolisten", "tcp"],
            pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as display:
            number = display.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        self.environment = dict(os.environ, DISPLAY=f":{number}", SDL_AUDIODRIVER="dummy",
                                XDG_CONFIG_HOME=os.path.join(self.folder, "config"),
                                XDG_DATA_HOME=os.path.join(self.folder, "data"))
        file = open(os.path.join(self.folder, "Xvfb_screen0"), "rb")
        self.memory = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        # XWD: the header's size first, the row's length in word 12, the number of colours in word 19 of 12 bytes each.
        header = struct.unpack(">25I", self.memory[:100])
        self.row_bytes = header[12]
        self.start = header[0] + 12 * header[19]
        self.hands = subprocess.Popen(["xdotool", "-"], stdin=subprocess.PIPE, env=self.environment, text=True)
        self.do(f"mousemove {WIDTH // 2} {HEIGHT // 2}")
        return self

    def __exit__(self, *_):
        self.hands.terminate()
        self.hands.wait(10)
        self.server.terminate()
        self.server.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def do(self, command):
        """One of xdotool's: "keydown w", "key Return", "mousemove 10 20", "click 1"."""
        self.hands.stdin.write(command + "\n")
        self.hands.stdin.flush()

    def ask(self, *command):
        """What another program of this display answers."""
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True, timeout=20).stdout

    def pointer(self):
        """Where the mouse is: x, y."""
        words = dict(word.split(":") for word in self.ask("xdotool", "getmouselocation").split())
        return int(words["x"]), int(words["y"])

    def rows(self, left=0, top=0, right=WIDTH, bottom=HEIGHT):
        """The picture's rows as bytes, four a pixel: blue, green, red, nothing."""
        for y in range(top, bottom):
            at = self.start + y * self.row_bytes
            yield self.memory[at + 4 * left:at + 4 * right]

    def picture(self, *box):
        return b"".join(self.rows(*box))

    def save(self, path):
        """The whole picture, as PNG."""
        def chunk(kind, body):
            return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        lines = []
        for row in self.rows():
            line = bytearray(1 + 3 * WIDTH)
            line[1::3], line[2::3], line[3::3] = row[2::4], row[1::4], row[0::4]
            lines.append(bytes(line))
        head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
        with open(path, "wb") as file:
            file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"".join(lines)))
                       + chunk(b"IEND", b""))

    def wait_for(self, condition, what, seconds=20.0, step=0.02):
        """Its value once it is true. An error says what did not come, and where the picture without it is."""
        deadline = time.monotonic() + seconds
        while True:
            value = condition()
            if value:
                return value
            if time.monotonic() > deadline:
                path = os.path.join(tempfile.gettempdir(), f"scrim-window-{os.getpid()}.png")
                self.save(path)
                raise AssertionError(f"not within {seconds} s: {what}. On the screen: {path}")
            time.sleep(step)

    def count(self, color, *box, tolerance=24):
        """How many pixels of the box are of about this colour, 0xRRGGBB."""
        return len(self.places(color, *box, tolerance=tolerance))

    def places(self, color, *box, tolerance=24):
        """Those pixels: what is written in a colour, whatever moves behind it."""
        want = (color & 255, color >> 8 & 255, color >> 16)
        found = []
        for y, row in enumerate(self.rows(*box)):
            # By channel, so that the common case, nothing of it, is quick.
            for x in range(0, len(row), 4):
                if (abs(row[x] - want[0]) <= tolerance and abs(row[x + 1] - want[1]) <= tolerance
                        and abs(row[x + 2] - want[2]) <= tolerance):
                    found.append((x // 4, y))
        return found


class Program:
    """One of ours, ended with the test. What it says on stderr is kept for the failure's report."""

    def __init__(self, bin_folder, arguments, environment=None):
        self.said = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen([os.path.join(bin_folder, arguments[0]), *arguments[1:]], env=environment,
                                        stdout=subprocess.PIPE, stderr=self.said, text=True)

    def line(self, start):
        for line in self.process.stdout:
            if line.startswith(start):
                return line[len(start):].strip()
        raise AssertionError(f"{self.process.args[0]} ended without saying {start!r}: {self.errors()}")

    def errors(self):
        self.said.seek(0)
        return self.said.read()

    def is_running(self):
        return self.process.poll() is None

    def end(self):
        if self.is_running():
            self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        return self.process.returncode

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()


def server(bin_folder, *flags):
    """A running scrim-server and its URL."""
    program = Program(bin_folder, ["scrim-server", "--listen", "127.0.0.1:0", "--quiet", *flags])
    return program, program.line("listening on ")


def scrim(bin_folder, screen, *flags):
    return Program(bin_folder, ["scrim", "--software", *flags], screen.environment)

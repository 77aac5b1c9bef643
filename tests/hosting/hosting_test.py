"""scrim-server as a host meets it: what --check-config says, signals, full disks, directories that go.

    hosting_test.py BIN_FOLDER [TEST...]
"""
# Tests also: replay_main.cpp, server.cpp, server_main.cpp, start_check.cpp.

import glob
import json
import os
import pty
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

LIMIT = 32 * 1024  # a recording's head with schema and map, and some seconds


class Host:
    def __init__(self, bin_folder):
        self.bin = bin_folder
        self.folder = tempfile.mkdtemp(prefix="scrim_hosting_")
        self.records = os.path.join(self.folder, "recordings")
        self.log_path = os.path.join(self.folder, "log")
        self.servers = []

    def run(self, *flags):
        """Exit code and all that was said, of a server that ends by itself."""
        done = subprocess.run([f"{self.bin}/scrim-server", "--listen", "127.0.0.1:0", *flags], capture_output=True,
                              text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def start(self, *flags, **options):
        server = subprocess.Popen([f"{self.bin}/scrim-server", "--listen", "127.0.0.1:0", "--json", *flags],
                                  stdout=subprocess.PIPE, stderr=open(self.log_path, "w"), text=True, **options)
        self.servers.append(server)
        line = server.stdout.readline()
        assert line.startswith("listening on ws://"), line + self.log()
        self.port = int(line.rsplit(":", 1)[1])
        return server

    def end(self, server, how=signal.SIGTERM):
        server.send_signal(how)
        out, _ = server.communicate(timeout=60)
        assert server.returncode == 0, (server.returncode, self.log())
        return json.loads(out.splitlines()[-1]), self.log()

    def log(self):
        with open(self.log_path) as log:
            return log.read()

    def verify(self, path):
        done = subprocess.run([f"{self.bin}/scrim-replay", "verify", "--json", path], capture_output=True, text=True)
        return json.loads(done.stdout)

    def visit(self, path):
        """A WebSocket that opens and says nothing: for 15 s somebody is there, so that the match ticks."""
        stream = socket.create_connection(("127.0.0.1", self.port))
        stream.sendall(f"GET {path} HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                       "Sec-WebSocket-Protocol: scrim.v1\r\n\r\n".encode())
        assert stream.recv(64).startswith(b"HTTP/1.1 101"), path
        return stream

    def until(self, condition):
        deadline = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < deadline, "it did not come about"
            time.sleep(0.02)

    def recorded(self, bytes_min=1):
        return [p for p in glob.glob(self.records + "/*.scrim") if os.path.getsize(p) >= bytes_min]

    def close(self):
        for server in self.servers:  # of a test that failed
            server.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def a_check_says_what_a_start_says(host):
    for flags in (["--map", "nosuch"], ["--mode", "nosuch"], ["--set", "frag_limit=abc"], ["--set", "nosuch=1"],
                  ["--tick-rate", "30"], ["--snapshot-rate", "7"], ["--record", "/sys"],
                  ["--record", "/no/such/parent"], ["--listen", "203.0.113.1:1"], ["--duration", "9999999999"],
                  ["--bot-level", "6"], ["--threads", "0"], ["--seed", "-1"], ["--path-prefix", "games"]):
        code, out, error = host.run("--duration", "1", *flags) if flags[0] != "--duration" else host.run(*flags)
        assert (code, out, error.count("\n")) == (2, "", 1), (flags, code, out, error)
        checked = host.run("--check-config", *flags)
        assert checked == (2, "", error), (flags, checked, error)


def a_check_makes_nothing_and_says_ok(host):
    assert host.run("--check-config", "--record", host.records, "--bots", "4") == (0, "configuration OK\n", "")
    assert os.listdir(host.folder) == []
    assert host.run("--record", host.records, "--duration", "1")[0] == 0
    server = host.start("--record", host.records)
    assert host.run("--check-config", "--record", host.records)[0] == 0, "beside a server that runs"
    host.end(server)


def a_check_takes_a_port_in_use_for_no_fault(host):
    taken = subprocess.Popen([f"{host.bin}/scrim-server", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, text=True)
    address = taken.stdout.readline().strip().removeprefix("listening on ws://")
    try:
        flags = ["--listen", address]
        assert host.run("--check-config", *flags) == (0, "configuration OK\n", "")
        code, _, error = host.run(*flags)
        assert code == 2 and address in error, error
    finally:
        taken.terminate()
        taken.wait(20)


def a_stop_signal_ends_the_recording(host):
    for how in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        server = host.start("--record", host.records, "--bots", "2")
        host.until(lambda: host.recorded(4096))
        stats, log = host.end(server, how)
        assert how.name.removeprefix("SIG") in log, log
        assert len(stats["recordings"]) == 1 and stats["recording_errors"] == 0, stats
        report = host.verify(stats["recordings"][0])
        assert report["ok"] and not report["truncated"] and not report["incomplete"], report
        shutil.rmtree(host.records)


def a_killed_server_leaves_a_recording_that_plays_and_can_be_read(host):
    server = host.start("--record", host.records, "--bots", "2")
    host.until(host.recorded)
    path, = host.recorded()

    def dump():
        return subprocess.run([f"{host.bin}/scrim-replay", "dump", path], capture_output=True, text=True)

    # Also while it is being written; by its size one could not tell, for the schema in its header is most of it.
    host.until(lambda: dump().stdout.count(" joins, a bot") == 2)
    server.kill()
    server.communicate(timeout=60)
    report = host.verify(path)
    assert report["ok"] and report["truncated"], report
    whole = dump()
    lines = whole.stdout.splitlines()
    assert whole.returncode == 0 and whole.stderr == "", whole.stderr
    assert lines[0].startswith("tick 0: keyframe: "), lines[0]
    assert lines[-1].startswith(f"tick {report['ticks']}: no end: cut at offset "), lines[-1]
    assert any(": player 1 " in line and " joins, a bot" in line for line in lines)
    one = subprocess.run([f"{host.bin}/scrim-replay", "dump", path, "--tick", "1-5", "--player", "1"],
                         capture_output=True, text=True)
    assert one.returncode == 0 and " joins, a bot" in one.stdout, one.stdout
    assert all("player 1 " in line for line in one.stdout.splitlines()), one.stdout


def a_server_under_nohup_survives_a_hangup(host):
    server = host.start(preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    server.send_signal(signal.SIGHUP)
    host.visit("/match/arena?name=ada").close()
    assert "shutting down: TERM" in host.end(server)[1]


def a_closed_terminal_ends_it_cleanly(host):
    main, terminal = pty.openpty()
    server = subprocess.Popen([f"{host.bin}/scrim-server", "--listen", "127.0.0.1:0", "--record", host.records,
                               "--bots", "2"], stdin=terminal, stdout=terminal, stderr=terminal,
                              start_new_session=True, preexec_fn=lambda: os.close(os.open(os.ttyname(0), os.O_RDWR)))
    host.servers.append(server)
    os.close(terminal)
    host.until(lambda: host.recorded(4096))
    os.close(main)  # and with it the terminal
    assert server.wait(30) == 0
    report = host.verify(host.recorded()[0])
    assert report["ok"] and not report["truncated"], report


def a_file_size_limit_marks_the_recording_and_the_match_goes_on(host):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))

    server = host.start("--record", host.records, "--bots", "8", preexec_fn=limit)
    people = [host.visit("/match/arena?name=ada")]
    host.until(lambda: "File too large" in host.log())
    people.append(host.visit("/match/arena?name=bob"))
    for stream in people:
        stream.close()
    stats, _ = host.end(server)
    assert stats["recording_errors"] == 1 and "File too large" in stats["recording_errors_first"][0], stats
    report = host.verify(stats["recordings"][0])
    assert report["ok"] and (report["incomplete"] or report["truncated"]) and report["ticks"] > 0, report


def a_directory_that_goes_is_an_error_and_is_used_again_when_it_is_back(host):
    server = host.start("--record", host.records, "--bots", "2")
    host.until(lambda: host.recorded())
    shutil.rmtree(host.records)
    ada = host.visit("/match/arena?name=ada")
    host.until(lambda: "the file was removed" in host.log())
    assert " error " in host.log()
    ada.close()
    os.mkdir(host.records)
    ada = host.visit("/match/another?name=ada")
    host.until(lambda: host.recorded())
    ada.close()
    stats, _ = host.end(server)
    assert stats["recordings"] == host.recorded() and "another" in stats["recordings"][0], stats
    assert stats["recording_errors"] == 1 and "was removed" in stats["recording_errors_first"][0], stats
    assert host.verify(stats["recordings"][0])["ok"]


if __name__ == "__main__":
    tests = {name: value for name, value in list(globals().items())
             if callable(value) and getattr(value, "__code__", None) and value.__code__.co_varnames[:1] == ("host",)}
    for name in sys.argv[2:] or tests:
        host = Host(sys.argv[1])
        try:
            tests[name](host)
            print(f"{name}: ok", flush=True)
        finally:
            host.close()

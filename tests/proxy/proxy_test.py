"""Bots that play through a worse network, on real sockets: simulated in the client, and by tcp_proxy between the two.

    proxy_test.py BIN_FOLDER PROXY [TEST...]
"""
# Tests also: bots_main.cpp, swarm.cpp.

import json
import os
import subprocess
import sys

SECONDS = 5


class Program:
    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def line(self, start):
        for line in self.process.stdout:
            if line.startswith(start):
                return line[len(start):].strip()
        raise AssertionError(f"{self.process.args[0]} ended without saying {start!r}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)


def play(bin_folder, url, *flags):
    """What bots measured."""
    ended = subprocess.run([os.path.join(bin_folder, "scrim-bots"), "--connect", url, "--count", "4", "--duration",
                            str(SECONDS), "--json", *flags], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def served(bin_folder):
    return Program(os.path.join(bin_folder, "scrim-server"), "--listen", "127.0.0.1:0", "--quiet", "--bots", "0")


def through_proxy(bin_folder, proxy, profile):
    with served(bin_folder) as server:
        address = server.line("listening on ").removeprefix("ws://")
        with Program(proxy, "0", address, profile, "--seed", "7") as between:
            return play(bin_folder, "ws://" + between.line("listening on "))


def simulated(bin_folder, _, profile):
    with served(bin_folder) as server:
        return play(bin_folder, server.line("listening on "), "--simulate", profile, "--seed", "7")


def expect_play(said, rtt_ms):
    assert said["connected"] == 4 and said["disconnects"] == 0, said
    assert said["snapshots_per_client_s"] > 20, said
    assert said["action_to_snapshot_ms"]["p50"] >= rtt_ms, said
    assert said["action_to_snapshot_ms"]["p50"] < rtt_ms + 120, said


def fair_is_played_through_the_proxy(bin_folder, proxy):
    expect_play(through_proxy(bin_folder, proxy, "fair"), 100)


def fair_is_played_when_simulated(bin_folder, proxy):
    expect_play(simulated(bin_folder, proxy, "fair"), 100)


def spikes_hold_snapshots_and_no_connection_is_lost_through_the_proxy(bin_folder, proxy):
    said = through_proxy(bin_folder, proxy, "spikes")
    expect_play(said, 40)
    assert said["gap_ms"]["max"] >= 200, said


def spikes_hold_snapshots_and_no_connection_is_lost_when_simulated(bin_folder, proxy):
    said = simulated(bin_folder, proxy, "spikes")
    expect_play(said, 40)
    assert said["gap_ms"]["max"] >= 200, said


def a_network_that_there_is_not_is_one_line_and_exit_code_two(bin_folder, proxy):
    for command in ([proxy, "0", "127.0.0.1:1", "nonsense"],
                    [os.path.join(bin_folder, "scrim-bots"), "--simulate", "nonsense"]):
        ended = subprocess.run(command, capture_output=True, text=True, timeout=20)
        assert ended.returncode == 2, (command, ended)
        assert "nonsense" in ended.stderr and "fair" in ended.stderr and ended.stderr.count("\n") == 1, ended.stderr


if __name__ == "__main__":
    for name in sys.argv[3:]:
        globals()[name](sys.argv[1], sys.argv[2])
        print(f"ok: {name}", flush=True)

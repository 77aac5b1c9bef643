"""What the window feels like, measured from outside of it: how soon one plays, from a key to a changed pixel, and how
steadily frames come.

    window_bench.py BIN_FOLDER [--seconds S]

Under Xvfb, with SDL's software renderer: the slowest way there is to show a picture.
"""

import argparse
import json
import os
import random
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "window"))
from screen import Screen, scrim, server  # noqa: E402
from window_test import OWN, in_match, middle_of  # noqa: E402

FRAME_MS = 1000 / 60
PRESSES = 40
ENERGY = (170, 660, 260, 700)


def start_to_first_shot(bin_folder):
    """As ./run play does it: from starting the server and the game to a shot's energy gone, in seconds."""
    with Screen() as screen:
        began = time.monotonic()
        host, url = server(bin_folder, "--bots", "7")
        with host, scrim(bin_folder, screen, "--connect", url):
            screen.wait_for(lambda: in_match(screen), "the match")
            screen.wait_for(lambda: screen.count(OWN, *ENERGY) > 100, "the energy's number")
            time.sleep(0.2)  # it stays as it is until something is fired
            full = screen.picture(*ENERGY)
            assert screen.picture(*ENERGY) == full
            screen.do("mousedown 1")
            screen.wait_for(lambda: screen.picture(*ENERGY) != full, "energy spent by a shot")
            return time.monotonic() - began


def key_to_pixel(bin_folder, *flags):
    """From a key's press to the first changed pixel around the own ship, in milliseconds, as often as PRESSES."""
    with Screen() as screen:
        # Alone in the warm-up nothing but the own ship moves.
        host, url = server(bin_folder, "--bots", "0")
        with host, scrim(bin_folder, screen, "--connect", url, "--frame-rate", "60", *flags):
            screen.wait_for(lambda: in_match(screen), "the match")
            time.sleep(3)  # the shield's light is gone
            times_ms = []
            keys = ["w", "s", "a", "d"]
            for press in range(PRESSES):
                # Near the map's edge the ship is not in the middle of the picture.
                x, y = (round(middle_of(screen, OWN, axis) or half) for axis, half in (("x", 640), ("y", 360)))
                box = (max(x - 80, 0), max(y - 80, 0), x + 80, y + 80)
                still = screen.picture(*box)
                settled = time.monotonic() + 0.3
                while time.monotonic() < settled:  # until the ship stands still
                    now = screen.picture(*box)
                    if now != still:
                        still, settled = now, time.monotonic() + 0.3
                # The wait above ended in step with the frames: hands do not.
                time.sleep(random.random() * FRAME_MS / 1000)
                key = keys[press % len(keys)]
                began = time.perf_counter()
                screen.do(f"keydown {key}")
                while screen.picture(*box) == still and time.perf_counter() < began + 1:
                    pass
                took_s = time.perf_counter() - began
                if took_s < 1:  # else there is a wall on that side
                    times_ms.append(took_s * 1000)
                screen.do(f"keyup {key}")
            return sorted(times_ms)


def steady_frames(bin_folder, seconds):
    """A fight of 16, watched on one core; the server has the other."""
    with Screen() as screen:
        host, url = server(bin_folder, "--bots", "16", "--set", "warmup_s=1", "--set", "time_limit_s=600",
                           "--set", "frag_limit=1000")
        os.sched_setaffinity(host.process.pid, {0})
        with host, scrim(bin_folder, screen, "--connect", url, "--spectate", "--frame-rate", "60",
                         "--after", str(seconds), "--report") as game:
            os.sched_setaffinity(game.process.pid, {max(os.sched_getaffinity(0))})
            return json.loads("{" + game.line("{"))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("bin_folder")
    arguments.add_argument("--seconds", type=float, default=60)
    chosen = arguments.parse_args()

    print(f"from start to the first shot: {start_to_first_shot(chosen.bin_folder):.1f} s; target 10 s")
    for words, flags in (("", ()), (" at a round trip of 180 ms, with jitter and loss", ("--simulate", "poor"))):
        times_ms = key_to_pixel(chosen.bin_folder, *flags)
        p50, p95 = statistics.median(times_ms), times_ms[int(0.95 * (len(times_ms) - 1))]
        print(f"key to changed own pixel{words}, {len(times_ms)} presses: p50 {p50:.1f} ms ({p50 / FRAME_MS:.2f} frames), "
              f"p95 {p95:.1f} ms ({p95 / FRAME_MS:.2f} frames); target 2 frames")
    report = steady_frames(chosen.bin_folder, chosen.seconds)
    print(f"16 ships fighting for {chosen.seconds:.0f} s at 1280x720, renderer {report['renderer']}, one core: "
          f"{report['frames_per_s']:.1f} frames/s; from frame to frame p50 {report['interval_ms']['p50']} ms, "
          f"p99 {report['interval_ms']['p99']} ms; work p50 {report['work_ms']['p50']} ms, "
          f"p95 {report['work_ms']['p95']} ms; target 60 frames/s")


if __name__ == "__main__":
    main()

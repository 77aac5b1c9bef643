"""The game in a real window: keys go in, and what is on the screen is read back.

    window_test.py BIN_FOLDER [TEST...]
"""
# Tests also: installed.cpp, menu_actions.cpp, program.cpp, scrim.cpp.

import os
import re
import signal
import subprocess
import sys
import time

from screen import HEIGHT, WIDTH, Program, Screen, arena_color, scrim, server

HEALTH = arena_color("kHealth")
OWN = arena_color("kSideColors")  # the first of the first set
TEXT = arena_color("kText")
MUTED = arena_color("kMuted")
WARNING = arena_color("kWarning")
NUMERALS = (24, 650, 124, 700)
LOST_WORDS = (300, 336, 980, 384)
BRIGHT = 0xF4F7FF
MENU_TITLE = (90, 40, 400, 200)
TYPED = (22, 569, 546, 594)
NAME_FIELD = (832, 484, 1144, 516)
SETTINGS, KEYS = (200, 524), (206, 298)
FIRST_KEYS = (698, 192, 714, 330)


def in_match(screen):
    return screen.count(HEALTH, *NUMERALS) > 80


def write_settings(screen, text):
    folder = os.path.join(screen.environment["XDG_CONFIG_HOME"], "scrim")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "settings.toml"), "w") as file:
        file.write(text)


def profile(screen, axis):
    """The picture's light along x or y: what moves, moves in it."""
    rows = list(screen.rows(0, 110, WIDTH, 640))
    if axis == "y":
        return [sum(row[0::4]) for row in rows]
    return [sum(column) for column in zip(*[row[0::4] for row in rows[::6]])]


def shift(before, after, most=160):
    """By how many pixels `after` is further down or right."""
    def difference(by):
        overlap = [(before[i], after[i + by]) for i in range(max(0, -by), min(len(before), len(after) - by))]
        return sum(abs(a - b) for a, b in overlap) / len(overlap)
    return min(range(-most, most + 1), key=difference)


def middle_of(screen, color, axis):
    """The mean place of a colour's pixels in the middle of the screen."""
    total = weight = 0
    for y, row in enumerate(screen.rows(0, 110, WIDTH, 640)):
        for x in range(0, len(row), 4):
            if abs(row[x] - (color & 255)) < 30 and abs(row[x + 1] - (color >> 8 & 255)) < 30 and abs(row[x + 2] - (color >> 16)) < 30:
                total += y if axis == "y" else x // 4
                weight += 1
    return total / weight if weight else None


def flight(screen, key, axis):
    """How far the own ship flies over the map, in pixels, while a key is held."""
    before, ship_before = profile(screen, axis), middle_of(screen, OWN, axis)
    screen.do(f"keydown {key}")
    moved = 0
    deadline = time.monotonic() + 3
    while abs(moved) < 25 and time.monotonic() < deadline:
        after, ship_after = profile(screen, axis), middle_of(screen, OWN, axis)
        if ship_before is not None and ship_after is not None:
            # The camera goes with the ship: what the ground moves one way, the ship has flown the other.
            moved = (ship_after - ship_before) - shift(before, after)
    screen.do(f"keyup {key}")
    come_to_rest(screen, axis)
    return moved


def come_to_rest(screen, axis):
    """Coasting on is no answer to the next key."""
    still_since, place = time.monotonic(), middle_of(screen, OWN, axis)
    ground = profile(screen, axis)
    deadline = time.monotonic() + 5
    while time.monotonic() < min(still_since + 0.2, deadline):
        place_now, ground_now = middle_of(screen, OWN, axis), profile(screen, axis)
        stands = place is not None and place_now is not None and abs(place_now - place) < 1
        if not stands or abs(shift(ground, ground_now)) >= 1:
            still_since, place, ground = time.monotonic(), place_now, ground_now


def the_menu_reaches_a_match_with_the_keyboard_alone(bin_folder):
    with Screen() as screen:
        host, url = server(bin_folder, "--bots", "0")
        write_settings(screen, f'[server]\naddress = "{url}"\n')
        with host, scrim(bin_folder, screen) as game:
            screen.wait_for(lambda: screen.count(OWN, 96, 80, 540, 200, tolerance=60) > 400, "the menu's title")
            assert not in_match(screen)
            screen.do("key Return")
            screen.wait_for(lambda: in_match(screen), "the match, after Return on Quick play")
            assert game.is_running()


def the_menu_reaches_a_match_with_a_gamepad_alone(bin_folder):
    with Screen() as screen:
        host, url = server(bin_folder, "--bots", "0")
        write_settings(screen, f'[server]\naddress = "{url}"\n')
        # Down to the next item, back up, and A on Quick play.
        with host, scrim(bin_folder, screen, "--keys", "0.5 Pad Down; 0.7 Pad Up; 1 Pad A"):
            screen.wait_for(lambda: in_match(screen), "the match, after Pad A")


def the_own_ship_moves_while_w_is_held(bin_folder):
    with Screen() as screen:
        host, url = server(bin_folder, "--bots", "0")
        with host, scrim(bin_folder, screen, "--connect", url):
            screen.wait_for(lambda: in_match(screen), "the match")
            # A wall may be in the way on one side: then there is none on the other.
            up = flight(screen, "w", "y")
            down = flight(screen, "s", "y")
            assert up <= -25 or down >= 25, f"flew {up:.0f} px with W and {down:.0f} px with S"
            assert up <= 5 and down >= -5, f"flew {up:.0f} px with W and {down:.0f} px with S"
            left = flight(screen, "a", "x")
            right = flight(screen, "d", "x")
            assert left <= -25 or right >= 25, f"flew {left:.0f} px with A and {right:.0f} px with D"


def a_click_fires(bin_folder):
    with Screen() as screen:
        host, url = server(bin_folder, "--bots", "0")
        with host, scrim(bin_folder, screen, "--connect", url) as game:
            screen.wait_for(lambda: in_match(screen), "the match")
            energy = (170, 660, 260, 700)
            full = screen.wait_for(lambda: screen.count(OWN, *energy) > 100 and screen.picture(*energy), "the energy's number")
            screen.do("mousedown 1")
            screen.wait_for(lambda: screen.picture(*energy) != full, "energy spent by the shots")
            screen.do("mouseup 1")
            assert game.is_running()


def the_net_graph_is_there_while_it_is_on(bin_folder):
    labels = (914, 244, 1040, 664)
    with Screen() as screen:
        host, url = server(bin_folder, "--bots", "0")
        with host, scrim(bin_folder, screen, "--connect", url) as game:
            screen.wait_for(lambda: in_match(screen), "the match")
            # Twenty of them: a ship that has begun there is not as high.
            def lines():
                return len({y for _, y in screen.places(MUTED, *labels, tolerance=40)})
            assert lines() < 80
            screen.do("key F3")
            screen.wait_for(lambda: lines() > 140, "the net graph, after F3")
            screen.do("key F3")
            screen.wait_for(lambda: lines() < 80, "no net graph, after F3 again")
            assert game.is_running()


def is_in_menu(screen):
    return screen.count(BRIGHT, *MENU_TITLE) > 200


def is_typing(screen):
    """The dark box of the line that is typed, with its prompt in it."""
    return screen.count(TEXT, TYPED[0], TYPED[1], TYPED[0] + 45, TYPED[3], tolerance=60) > 30


def the_escape_that_ends_a_chat_line_does_not_open_the_menu(bin_folder):
    with Screen() as screen:
        host, url = server(bin_folder, "--bots", "0")
        with host, scrim(bin_folder, screen, "--connect", url) as game:
            screen.wait_for(lambda: in_match(screen), "the match")
            screen.do("key t")
            screen.wait_for(lambda: is_typing(screen), "the line, after T")
            screen.do("key h")
            screen.do("key Escape")
            screen.wait_for(lambda: not is_typing(screen), "the line's end, after Escape")
            # The menu would come in with the frame after that: a key that is answered later tells that it has gone by.
            screen.do("key t")
            screen.wait_for(lambda: is_typing(screen), "another line, after T")
            assert not is_in_menu(screen)
            screen.do("key Escape")
            screen.wait_for(lambda: not is_typing(screen), "its end")
            screen.do("key Escape")
            screen.wait_for(lambda: is_in_menu(screen), "the menu, after an Escape of its own")
            screen.do("key Escape")
            screen.wait_for(lambda: not is_in_menu(screen), "the match, after the next")
            assert game.is_running(), game.errors()


def a_key_that_chose_resume_and_repeats_does_not_open_the_chat(bin_folder):
    with Screen() as screen:
        host, url = server(bin_folder, "--bots", "0")
        with host, scrim(bin_folder, screen, "--connect", url) as game:
            screen.wait_for(lambda: in_match(screen), "the match")
            screen.do("key Escape")
            screen.wait_for(lambda: is_in_menu(screen), "the menu")
            screen.do("keydown Return")
            screen.wait_for(lambda: not is_in_menu(screen), "the match, after Return on Resume")
            until = time.monotonic() + 1.5  # X repeats a key after 0.66 s, 25 times a second
            while time.monotonic() < until:
                assert not is_typing(screen) and not is_in_menu(screen)
            screen.do("keyup Return")
            screen.do("key Return")
            screen.wait_for(lambda: is_typing(screen), "the chat, after a Return of its own")
            assert game.is_running(), game.errors()


def columns_beside(screen, top):
    """Over how many columns letters reach beside the chat. A ship there has white over some sixty."""
    return len({x for x, _ in screen.places(TEXT, 560, top, WIDTH, 596, tolerance=30)})


def a_long_line_that_is_typed_stays_on_the_screen(bin_folder):
    with Screen() as screen:
        host, url = server(bin_folder, "--bots", "0")
        with host, scrim(bin_folder, screen, "--connect", url) as game:
            screen.wait_for(lambda: in_match(screen), "the match")
            screen.do("key t")
            screen.wait_for(lambda: is_typing(screen), "the line, after T")
            last_row = (28, 572, 540, 596)
            full = screen.count(TEXT, *last_row, tolerance=60)
            screen.do("type --delay 2 " + "w" * 190)
            screen.wait_for(lambda: screen.count(TEXT, 28, 480, 540, 596, tolerance=60) > 3500, "rows of letters")
            assert columns_beside(screen, 480) < 100
            assert screen.count(TEXT, *last_row, tolerance=60) != full
            screen.do("key Return")
            screen.wait_for(lambda: not is_typing(screen), "the line's end")
            screen.wait_for(lambda: screen.count(TEXT, 28, 440, 540, 570, tolerance=60) > 3500, "what was said")
            assert columns_beside(screen, 440) < 100
            assert game.is_running(), game.errors()


def click(screen, place):
    screen.do(f"mousemove {place[0]} {place[1]}")
    screen.do("click 1")


def what_is_cut_is_pasted_again(bin_folder):
    with Screen() as screen:
        write_settings(screen, 'name = "Ada Lovelace"')
        with scrim(bin_folder, screen) as game:
            def letters():
                return screen.count(BRIGHT, *NAME_FIELD, tolerance=60)
            screen.wait_for(lambda: screen.count(OWN, 96, 80, 540, 200, tolerance=60) > 400, "the menu's title")
            click(screen, ((NAME_FIELD[0] + NAME_FIELD[2]) // 2, (NAME_FIELD[1] + NAME_FIELD[3]) // 2))
            screen.wait_for(lambda: screen.count(OWN, 826, 478, 1150, 483, tolerance=60) > 400, "the name, with the focus")
            full = letters()
            screen.do("key ctrl+x")
            screen.wait_for(lambda: letters() < full / 4, "an empty field, after Ctrl+X")
            screen.do("key ctrl+v")
            screen.wait_for(lambda: letters() > full * 0.9, "the name, after Ctrl+V")
            screen.do("key shift+Insert")
            screen.wait_for(lambda: letters() > full * 1.8, "the name twice, after Shift+Insert")
            assert game.is_running(), game.errors()


def keys_are_shown_as_the_keyboards_layout_writes_them(bin_folder):
    with Screen() as screen:
        with scrim(bin_folder, screen) as game:
            screen.wait_for(lambda: screen.count(OWN, 96, 80, 540, 200, tolerance=60) > 400, "the menu's title")
            click(screen, SETTINGS)
            screen.wait_for(lambda: is_in_menu(screen), "the settings")
            click(screen, KEYS)

            def letters():
                return set(screen.places(TEXT, *FIRST_KEYS, tolerance=70))
            screen.wait_for(lambda: len(letters()) > 50, "W A S D")
            def others_than(before):
                """The letters, once they are others and stand still: a picture may be read while it is drawn. What moves
                behind the panel changes their edges a little."""
                seen.append(letters())
                stands = len(seen) > 4 and all(len(seen[-1] ^ one) < 20 for one in seen[-4:])
                return seen[-1] if stands and len(seen[-1] ^ before) > 60 else None
            seen = []
            us = screen.wait_for(lambda: others_than(set()), "W A S D, standing still")
            screen.ask("setxkbmap", "fr")
            french = screen.wait_for(lambda: others_than(us), "Z Q S D, on a French keyboard")
            screen.ask("setxkbmap", "us")
            screen.wait_for(lambda: others_than(french), "W A S D, on an American one again")
            assert game.is_running(), game.errors()


def the_pointer_stays_in_the_window_in_a_match_and_is_free_in_the_menu(bin_folder):
    with Screen(width=WIDTH + 1280) as screen:
        host, url = server(bin_folder, "--bots", "0")
        with host, scrim(bin_folder, screen, "--connect", url) as game:
            def can_leave():
                screen.do(f"mousemove {screen.width - 2} 300")
                return screen.pointer()[0] > screen.width - 10
            screen.wait_for(lambda: not can_leave(), "the match, which keeps the pointer")
            screen.do("key Escape")
            screen.wait_for(can_leave, "the menu, which lets it go")
            screen.do("key Escape")
            screen.wait_for(lambda: not can_leave(), "the match, which keeps it again")
            assert game.is_running(), game.errors()


def the_pointer_is_free_while_another_window_has_the_focus(bin_folder):
    with Screen(width=WIDTH + 1280) as screen:
        host, url = server(bin_folder, "--bots", "0")
        with host, scrim(bin_folder, screen, "--connect", url) as game:
            def can_leave():
                screen.do(f"mousemove {screen.width - 2} 300")
                return screen.pointer()[0] > screen.width - 10
            def focused():
                try:
                    return screen.ask("xdotool", "getwindowfocus").strip()
                except subprocess.CalledProcessError:  # nothing has the focus yet
                    return None
            window = screen.wait_for(focused, "a window with the focus")
            screen.wait_for(lambda: not can_leave(), "the match, which keeps the pointer")
            for _ in range(2):
                screen.do("windowfocus 1")  # PointerRoot: no window of this program
                screen.wait_for(can_leave, "the desktop, to which the pointer may go")
                screen.do(f"windowfocus {window}")
                screen.wait_for(lambda: not can_leave(), "the match, which keeps the pointer again")
            assert game.is_running(), game.errors()


def hits_flash_in_a_fight(bin_folder):
    def flashes(screen):
        """A patch of white as large as a ship."""
        for row in list(screen.rows(0, 110, WIDTH, 640))[::4]:
            if b"\xff\xff\xff\x00" * 9 in row or b"\xff\xff\xff\xff" * 9 in row:
                return True
        return False

    with Screen() as screen:
        host, url = server(bin_folder, "--bots", "8", "--set", "warmup_s=1")
        with host, scrim(bin_folder, screen, "--connect", url, "--spectate"):
            screen.wait_for(lambda: flashes(screen), "a ship that flashes white", seconds=60, step=0.008)


def a_server_that_goes_away_is_told_in_words_and_the_menu_is_back(bin_folder):
    with Screen() as screen:
        host, url = server(bin_folder, "--bots", "0")
        with scrim(bin_folder, screen, "--connect", url) as game:
            screen.wait_for(lambda: in_match(screen), "the match")
            host.end()
            screen.wait_for(lambda: not in_match(screen), "the end of the match")
            assert game.is_running(), game.errors()


def a_server_that_dies_is_waited_for_in_words(bin_folder):
    with Screen() as screen:
        host, url = server(bin_folder, "--bots", "0")
        with scrim(bin_folder, screen, "--connect", url) as game:
            screen.wait_for(lambda: in_match(screen), "the match")
            host.process.send_signal(signal.SIGKILL)
            host.process.wait()
            screen.wait_for(lambda: screen.count(WARNING, *LOST_WORDS, tolerance=60) > 200, "words of a lost connection")
            assert game.is_running(), game.errors()


def no_server_is_told_in_words(bin_folder):
    with Screen() as screen:
        with scrim(bin_folder, screen, "--connect", "ws://127.0.0.1:1") as game:
            screen.wait_for(lambda: screen.count(TEXT, 96, 60, WIDTH, HEIGHT, tolerance=60) > 300, "a message")
            assert not in_match(screen)
            assert game.is_running(), game.errors()


def without_a_display_it_says_so_in_one_line(bin_folder):
    environment = {key: value for key, value in os.environ.items()
                   if key not in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}
    ended = subprocess.run([os.path.join(bin_folder, "scrim")], env=environment, capture_output=True, text=True, timeout=20)
    assert ended.returncode == 2, ended
    assert "no display" in ended.stderr, ended.stderr


def wrong_flags_are_one_line_and_exit_code_two(bin_folder):
    with Screen() as screen:
        for flags, word in ((["--nonsense"], "--nonsense"), (["--keys", "1 Nonsense"], "Nonsense"), (["--simulate", "nonsense"], "fair"),
                            (["--match", "x"], "--connect")):
            with scrim(bin_folder, screen, *flags) as game:
                game.process.wait(20)
                assert game.process.returncode == 2, (flags, game.process.returncode)
                said = game.errors()
                assert word in said and said.count("\n") == 1, said


def a_broken_settings_file_does_not_keep_it_from_starting(bin_folder):
    with Screen() as screen:
        write_settings(screen, 'name = "Ada\nvolume = \x00 =')
        with scrim(bin_folder, screen) as game:
            screen.wait_for(lambda: screen.count(WARNING, 96, 560, 900, 700, tolerance=60) > 60, "the complaint in the menu")
            assert game.is_running(), game.errors()


def settings(screen):
    try:
        with open(os.path.join(screen.environment["XDG_CONFIG_HOME"], "scrim", "settings.toml")) as file:
            return file.read()
    except FileNotFoundError:
        return ""


def a_newcomer_has_a_name_of_their_own_and_keeps_it(bin_folder):
    with Screen() as screen:
        for _ in range(2):
            with scrim(bin_folder, screen) as game:
                screen.wait_for(lambda: screen.count(OWN, 96, 80, 540, 200, tolerance=60) > 400, "the menu's title")
                screen.wait_for(lambda: re.search(r'^name = "Pilot \d{4}"$', settings(screen), re.M), "a name in the settings")
                first = settings(screen)
                assert game.end() == 0, game.errors()
            assert settings(screen) == first


def what_was_set_is_kept_whatever_ends_the_game(bin_folder):
    for how in (signal.SIGTERM, signal.SIGINT):
        with Screen() as screen:
            write_settings(screen, 'name = "Ada"\n')
            with scrim(bin_folder, screen) as game:
                screen.wait_for(lambda: screen.count(OWN, 96, 80, 540, 200, tolerance=60) > 400, "the menu's title")
                # A field is being written in when the signal comes: the last letters are in no file yet.
                name, hint = (828, 480, 1150, 520), (940, 640, 1190, 680)
                screen.do(f"mousemove {(name[0] + name[2]) // 2} {(name[1] + name[3]) // 2}")
                before = screen.picture(*hint)
                screen.do("click 1")
                screen.wait_for(lambda: screen.picture(*hint) != before, "the focus in the field")
                lit = screen.count(TEXT, *name, tolerance=60)
                screen.do("type Lovelace")
                screen.wait_for(lambda: screen.count(TEXT, *name, tolerance=60) > lit + 60, "letters in the field")
                game.process.send_signal(how)
                assert game.process.wait(20) == 0, game.errors()
            assert re.search(r'^name = "AdaL\w*"$', settings(screen), re.M), (how, settings(screen))


def a_missing_recording_is_told_in_words(bin_folder):
    with Screen() as screen:
        with scrim(bin_folder, screen, "--replay", "/nonexistent.scrim") as game:
            screen.wait_for(lambda: screen.count(TEXT, 96, 60, WIDTH, HEIGHT, tolerance=60) > 300, "a message")
            assert game.is_running(), game.errors()


TESTS = [value for value in list(globals().values())
         if callable(value) and getattr(value, "__module__", "") == "__main__"
         and value.__code__.co_varnames[:1] == ("bin_folder",)]

if __name__ == "__main__":
    chosen = sys.argv[2:]
    for test in TESTS:
        if chosen and test.__name__ not in chosen:
            continue
        began = time.monotonic()
        test(sys.argv[1])
        print(f"ok: {test.__name__} ({time.monotonic() - began:.1f} s)", flush=True)

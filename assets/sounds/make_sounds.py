#!/usr/bin/env python3
"""Makes every sound of Scrim: make_sounds.py FOLDER writes FOLDER/<name>.wav for each.

What sings is in A minor pentatonic (A C D E G), so that whatever sounds at once goes together. Good news rises, bad
news falls; what is mine is dry and near, what tells of the round is a bell or a fanfare. All are equally loud: how
loud each is in the game, the game says.
"""

import os
import sys

from synth import (ORGAN, PULSE, SAW, SINE, SOFT, SQUARE, bell, chorus, decay, driven, echoed, filtered, finished,
                   glide, hold, hz, mix, noise, shaped, swell, tone, tremolo, write_wav)


def pluck(seconds, note, cycle=PULSE, half=0.08):
    """A note of the synthesiser that plays the fanfares: bright at first, then mellow."""
    sung = shaped(chorus(seconds, hz(note), cycle), decay(seconds, half, attack=0.004))
    return filtered("low", sung, glide(seconds, 5000, 900), q=1.1)


def melody(notes, step, length, cycle=PULSE, half=0.08, last=1.0):
    """One note every `step` seconds, each `length` long; the last lasts `last` times as long."""
    layers = [(i * step, 1, pluck(length, note, cycle, half)) for i, note in enumerate(notes[:-1])]
    return mix(*layers, (len(layers) * step, 1, pluck(length * last, notes[-1], cycle, half * last)))


def chord(seconds, notes, cycle=SAW, half=0.25, attack=0.01):
    sung = mix(*((0, 1 / len(notes), chorus(seconds, hz(note), cycle)) for note in notes))
    return filtered("low", shaped(sung, decay(seconds, half, attack)), glide(seconds, 4500, 600), q=0.9)


def thump(seconds, high, low, half):
    return shaped(tone(seconds, glide(seconds, high, low)), decay(seconds, half, attack=0.001))


# --- Weapons ----------------------------------------------------------------------------------------------------------


def blaster():
    beam = shaped(chorus(0.15, glide(0.15, 1320, 330, 200), PULSE, 0.009), decay(0.15, 0.035, 0.001))
    snap = shaped(filtered("high", noise(0.02, 1), 3000), decay(0.02, 0.004, 0.0005))
    return mix((0, 1, beam), (0, 0.35, snap), (0, 0.5, thump(0.08, 300, 110, 0.02)))


def rapid():
    beam = shaped(tone(0.085, glide(0.085, 1240, 590), SQUARE), decay(0.085, 0.018, 0.001))
    snap = shaped(filtered("band", noise(0.03, 2), 4500, q=1.5), decay(0.03, 0.006, 0.0005))
    return mix((0, 1, beam), (0, 0.7, snap))


def rail_fire():
    bolt = shaped(driven(chorus(0.7, glide(0.7, 2600, 320, 75, 55), SAW, 0.012), 2), decay(0.7, 0.1, 0.001))
    crackle = shaped(filtered("band", noise(0.6, 3), glide(0.6, 5000, 900), q=2.5), decay(0.6, 0.09, 0.001))
    ring = bell(0.6, hz("A5"), ratio=1.41, brightness=3, half=0.07)
    bolt = filtered("low", bolt, 4500)
    blow = thump(0.3, 220, 45, 0.07)
    return echoed(mix((0, 1, bolt), (0, 0.9, crackle), (0, 0.25, ring), (0, 1.2, blow)), 0.09, 0.3, 2)


def rail_ready():
    rise = shaped(tone(0.16, glide(0.16, 440, 1760), SOFT), swell(0.16, 0.9))
    return mix((0, 0.5, rise), (0.13, 1, bell(0.28, hz("E6"), ratio=2, brightness=1.2, half=0.06)))


def dash():
    air = filtered("band", noise(0.3, 4), glide(0.3, 500, 3200, 700), q=1.8)
    body = tone(0.3, glide(0.3, 130, 330, 120), SOFT)
    return mix((0, 1.2, shaped(air, swell(0.3, 0.3))), (0, 0.45, shaped(body, swell(0.3, 0.25))))


def dash_ready():
    return shaped(tone(0.11, glide(0.11, hz("A4"), hz("E5")), SINE), swell(0.11, 0.35))


def no_energy():
    click = shaped(filtered("low", noise(0.02, 5), 1800), decay(0.02, 0.004, 0.0005))
    buzz = shaped(tone(0.07, hz("A2"), SQUARE), decay(0.07, 0.02, 0.001))
    return mix((0, 0.8, click), (0.025, 0.8, click), (0.025, 0.5, filtered("low", buzz, 900)))


# --- Hits and deaths --------------------------------------------------------------------------------------------------


def hit_given():
    tick = bell(0.07, hz("A6"), ratio=2.76, brightness=0.9, half=0.012)
    return mix((0, 1, tick), (0, 0.25, shaped(filtered("high", noise(0.012, 6), 2500), decay(0.012, 0.002, 0.0005))))


def hit_taken():
    blow = thump(0.24, 240, 62, 0.05)
    grit = shaped(driven(tone(0.2, glide(0.2, 185, 92), SAW), 3), decay(0.2, 0.035, 0.001))
    crunch = shaped(filtered("band", noise(0.1, 7), 1100), decay(0.1, 0.02, 0.0005))
    return mix((0, 1.2, blow), (0, 0.5, filtered("low", grit, 1500)), (0, 0.7, crunch))


def shield_hit():
    ring = mix(*((0, level, bell(0.38, pitch, ratio=1.51, brightness=1.4, half=0.06))
                 for pitch, level in ((1046, 1), (1571, 0.6), (2489, 0.35))))
    return shaped(ring, tremolo(0.38, 26, 0.45))


def kill():
    burst = shaped(filtered("low", noise(0.3, 8), glide(0.3, 4500, 300)), decay(0.3, 0.045, 0.0005))
    sting = mix((0, 1, pluck(0.3, "A4", SAW, 0.05)), (0.07, 1, pluck(0.45, "E5", SAW, 0.09)),
                (0.07, 0.8, pluck(0.45, "A5", PULSE, 0.09)))
    return mix((0, 0.8, thump(0.25, 190, 50, 0.06)), (0, 0.6, burst), (0.03, 1, sting))


def death():
    fall = driven(chorus(1.0, glide(1.0, 620, 300, 90, 40), SAW, 0.015), 1.6)
    fall = filtered("low", shaped(fall, decay(1.0, 0.22, 0.004), tremolo(1.0, 17, 0.5)), glide(1.0, 4200, 250), q=1.6)
    burst = shaped(filtered("low", noise(0.7, 9), glide(0.7, 3500, 150)), decay(0.7, 0.1, 0.001))
    return mix((0, 0.9, fall), (0, 1, burst), (0, 1, thump(0.5, 160, 35, 0.12)))


def explosion():
    boom = shaped(filtered("low", noise(0.75, 10), glide(0.75, 2600, 260, 90), q=1.1), decay(0.75, 0.11, 0.002))
    debris = shaped(filtered("band", noise(0.5, 11), glide(0.5, 4200, 1500), q=3), decay(0.5, 0.05, 0.001),
                    tremolo(0.5, 31, 0.8))
    return driven(mix((0, 1.6, boom), (0, 0.4, debris), (0, 1, thump(0.4, 120, 38, 0.1))), 1.4)


def heartbeat():
    beat = mix((0, 1, thump(0.16, 105, 52, 0.035)), (0, 0.35, thump(0.1, 310, 130, 0.015)))
    return filtered("low", driven(mix((0, 1, beat), (0.17, 0.75, beat)), 2.2), 900)


def spawn():
    notes = ("A4", "C5", "E5", "A5", "E6")
    spark = mix(*((i * 0.055, 1, bell(0.35, hz(note), ratio=2, brightness=0.9, half=0.06))
                  for i, note in enumerate(notes)))
    air = shaped(filtered("band", noise(0.45, 12), glide(0.45, 600, 4500), q=3), swell(0.45, 0.7))
    return mix((0, 1, spark), (0, 0.5, air))


def wall_bounce():
    return mix((0, 1, thump(0.13, 420, 140, 0.022)), (0, 0.5, shaped(tone(0.1, glide(0.1, 700, 510), SOFT),
                                                                     decay(0.1, 0.012, 0.001))))


# --- Pickups ----------------------------------------------------------------------------------------------------------


def pickup_health():
    return mix((0, 1, shaped(tone(0.2, hz("C5"), ORGAN), decay(0.2, 0.06, 0.006))),
               (0.09, 1, shaped(tone(0.34, hz("G5"), ORGAN), decay(0.34, 0.08, 0.006))),
               (0.09, 0.5, shaped(tone(0.34, hz("E5"), SINE), decay(0.34, 0.08, 0.006))))


def pickup_rapid():
    rattle = mix(*((i * 0.038, 1, shaped(tone(0.06, hz(note), SQUARE), decay(0.06, 0.02, 0.001)))
                   for i, note in enumerate(("D4", "A4", "D5", "E5", "A5", "D6", "E6"))))
    return filtered("low", rattle, 4500)


def pickup_mega():
    rise = chorus(0.95, glide(0.95, 110, 220, 220, 220), SAW, 0.01)
    rise = shaped(filtered("low", rise, glide(0.95, 300, 4500, 800), q=1.6), swell(0.95, 0.3))
    bright = chord(0.8, ("A4", "E5", "A5"), PULSE, 0.2)
    brighter = chord(0.7, ("C5", "G5", "C6"), SAW, 0.2)
    return mix((0, 0.8, rise), (0.14, 1, bright), (0.22, 0.5, brighter))


def mega_call():
    def call(seconds, half):
        voice = chorus(seconds, glide(seconds, hz("E4"), hz("A4")), SAW, 0.01)
        return shaped(filtered("band", voice, 1100, q=0.9), decay(seconds, half, 0.02))
    return echoed(mix((0, 1, call(0.3, 0.3)), (0.32, 1, call(0.45, 0.15))), 0.13, 0.3, 2)


# --- The round --------------------------------------------------------------------------------------------------------


def minute_left():
    return echoed(mix((0, 1, bell(0.6, hz("E5"), ratio=1.41, brightness=1.5, half=0.14)),
                      (0.24, 1, bell(0.7, hz("A4"), ratio=1.41, brightness=1.5, half=0.16))), 0.12, 0.25, 2)


def ten_left():
    alarm = shaped(tone(0.09, hz("A5"), SQUARE), hold(0.09, 0.003, 0.03))
    return filtered("low", mix(*((i * 0.13, 1, alarm) for i in range(4))), 3500)


def countdown():
    return mix((0, 1, shaped(tone(0.2, hz("A4"), SOFT), hold(0.2, 0.003, 0.12))),
               (0, 0.3, bell(0.2, hz("A5"), ratio=2, brightness=1, half=0.03)))


def go():
    air = shaped(filtered("band", noise(0.12, 13), glide(0.12, 800, 4500), q=2), swell(0.12, 0.8))
    shout = chord(0.6, ("A4", "E5", "A5", "E6"), PULSE, 0.13, 0.003)
    return mix((0, 0.35, air), (0.03, 1, shout), (0.03, 0.9, thump(0.25, 200, 55, 0.06)))


def lead_taken():
    return echoed(melody(("A4", "C5", "E5", "A5"), 0.075, 0.22, half=0.07, last=1.8), 0.11, 0.25, 2)


def lead_lost():
    return echoed(melody(("A4", "G4", "E4", "C4"), 0.1, 0.25, SOFT, half=0.08, last=1.6), 0.13, 0.2, 2)


def streak_3():
    return melody(("E5", "G5", "A5"), 0.07, 0.2, SAW, half=0.06, last=1.8)


def streak_5():
    return mix((0, 1, melody(("E5", "G5", "A5", "C6", "E6"), 0.07, 0.2, SAW, half=0.06, last=2)),
               (0.28, 0.6, chord(0.5, ("A4", "E5"), SAW, 0.12)))


def streak_8():
    run = melody(("A4", "C5", "E5", "A5", "C6", "E6", "A6"), 0.055, 0.2, SAW, half=0.06, last=2)
    return echoed(mix((0, 1, run), (0.33, 1, chord(0.75, ("A3", "A4", "E5", "C6"), SAW, 0.2)),
                      (0.33, 0.9, thump(0.4, 180, 50, 0.09))), 0.11, 0.3, 2)


def revenge():
    growl = driven(chorus(0.6, glide(0.6, 82, 110, 110), SAW, 0.02), 2.5)
    growl = filtered("low", shaped(growl, decay(0.6, 0.15, 0.01)), glide(0.6, 400, 2600, 500), q=2)
    return mix((0, 0.8, growl), (0.12, 1, melody(("C5", "A4", "E5"), 0.09, 0.22, PULSE, half=0.07, last=1.8)))


def round_won():
    lead = melody(("A4", "C5", "E5", "G5", "E5", "A5"), 0.12, 0.3, PULSE, half=0.1, last=3)
    under = mix((0, 1, chord(0.4, ("A3", "E4"), SAW, 0.15)), (0.36, 1, chord(0.4, ("C4", "G4"), SAW, 0.12)),
                (0.6, 1.2, chord(1.2, ("A3", "E4", "A4", "C#5"), SAW, 0.3)))
    return echoed(mix((0, 1, lead), (0, 0.8, under), (0.6, 0.7, thump(0.4, 160, 50, 0.1))), 0.16, 0.25, 1)


def round_lost():
    lead = melody(("E5", "D5", "C5", "A4"), 0.18, 0.4, SOFT, half=0.14, last=2.4)
    under = mix((0, 1, chord(0.7, ("A3", "C4", "E4"), SOFT, 0.25, 0.05)),
                (0.54, 1, chord(1.1, ("A2", "E3", "A3", "C4"), SOFT, 0.3, 0.05)))
    return echoed(mix((0, 1, lead), (0, 0.8, under)), 0.2, 0.25, 1)


# --- People and the menu ----------------------------------------------------------------------------------------------


def chat():
    pop = shaped(tone(0.05, glide(0.05, 520, 880), SINE), swell(0.05, 0.3))
    return mix((0, 0.8, pop), (0.06, 1, shaped(tone(0.09, glide(0.09, 780, 1175), SINE), swell(0.09, 0.25))))


def player_joined():
    return mix((0, 1, bell(0.2, hz("D5"), ratio=1, brightness=1, half=0.05)),
               (0.1, 1, bell(0.32, hz("A5"), ratio=1, brightness=1, half=0.07)))


def player_left():
    return mix((0, 1, bell(0.2, hz("A4"), ratio=1, brightness=1, half=0.05)),
               (0.11, 1, bell(0.34, hz("D4"), ratio=1, brightness=1, half=0.07)))


def menu_move():
    return shaped(tone(0.05, hz("E5"), SOFT), decay(0.05, 0.01, 0.001))


def menu_accept():
    return mix((0, 0.8, shaped(tone(0.08, hz("A5"), SOFT), decay(0.08, 0.02, 0.001))),
               (0.05, 1, shaped(tone(0.18, hz("E6"), SOFT), decay(0.18, 0.035, 0.001))))


def menu_back():
    return mix((0, 0.8, shaped(tone(0.08, hz("A4"), SOFT), decay(0.08, 0.02, 0.001))),
               (0.05, 1, shaped(tone(0.17, hz("D4"), SOFT), decay(0.17, 0.035, 0.001))))


SOUNDS = (blaster, rapid, rail_fire, rail_ready, dash, dash_ready, no_energy, hit_given, hit_taken, shield_hit, kill,
          death, explosion, heartbeat, spawn, wall_bounce, pickup_health, pickup_rapid, pickup_mega, mega_call,
          minute_left, ten_left, countdown, go, lead_taken, lead_lost, streak_3, streak_5, streak_8, revenge, round_won,
          round_lost, chat, player_joined, player_left, menu_move, menu_accept, menu_back)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: make_sounds.py FOLDER")
    os.makedirs(sys.argv[1], exist_ok=True)
    for sound in SOUNDS:
        write_wav(os.path.join(sys.argv[1], sound.__name__ + ".wav"), finished(sound()))


if __name__ == "__main__":
    main()

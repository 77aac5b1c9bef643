#!/bin/sh
# arena_stats BIN: the same seed prints the same line, another seed another; what it cannot take is one line and exit
# code 2.
set -eu
stats=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
play() { "$stats" --map foundry --mode duel --rounds 1 --bots 2 --level 3 --json --seed "$1"; }
for run in first second; do play 7 > "$folder/$run"; done
cmp "$folder/first" "$folder/second"
[ "$(wc -l < "$folder/first")" -eq 1 ] || { echo "more than a line:"; cat "$folder/first"; exit 1; }
play 8 > "$folder/other"
if cmp -s "$folder/first" "$folder/other"; then echo "seed 8 prints what seed 7 does"; exit 1; fi
for wrong in "--map nowhere" "--mode chess" "--rounds 0" "--level six"; do
  status=0
  # shellcheck disable=SC2086  # a flag and its value
  "$stats" $wrong > "$folder/out" 2> "$folder/err" || status=$?
  [ "$status" -eq 2 ] && [ "$(wc -l < "$folder/err")" -eq 1 ] || { echo "$wrong: exit $status"; cat "$folder/err"; exit 1; }
done

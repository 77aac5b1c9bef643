#!/bin/sh
# feel_bench BIN: the same seed prints the same bytes, another seed others; a wrong profile is one line and exit code 2.
set -eu
bench=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for run in first second; do "$bench" --profile poor --links 2 --seconds 5 --seed 7 --json > "$folder/$run"; done
cmp "$folder/first" "$folder/second"
"$bench" --profile poor --links 2 --seconds 5 --seed 8 --json > "$folder/other"
if cmp -s "$folder/first" "$folder/other"; then echo "seed 8 prints what seed 7 does"; exit 1; fi
status=0
"$bench" --profile awful > "$folder/out" 2> "$folder/err" || status=$?
[ "$status" -eq 2 ] && [ "$(wc -l < "$folder/err")" -eq 1 ] || { echo "a wrong profile: exit $status"; cat "$folder/err"; exit 1; }

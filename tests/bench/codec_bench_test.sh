#!/bin/sh
# codec_bench BIN, FLATC, scenes.fbs, scrim.fbs' folder: a stream of three Worlds comes back as it was and is told in
# figures; a stream that is cut, or is not there, or a file that cannot be written is one line and exit code 2.
set -eu
bench=$1 flatc=$2 schema=$3 include=$4
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$flatc" --binary --schema --bfbs-builtins -I "$include" -o "$folder" "$schema"

# A frame is its size, 4 bytes, little-endian, and its World.
for x in 100 107 114; do
  echo "{things: [{id: 1, vx: 7, vy: 0, vz: 0, x: $x, y: 5, z: -5}]}" > "$folder/world.json"
  "$flatc" --binary -I "$include" -o "$folder" "$schema" "$folder/world.json"
  size=$(wc -c < "$folder/world.bin")
  # shellcheck disable=SC2059
  printf "$(printf '\\%03o\\%03o\\0\\0' $((size % 256)) $((size / 256)))" >> "$folder/frames"
  cat "$folder/world.bin" >> "$folder/frames"
done

"$bench" --schema "$folder/scenes.bfbs" --frames "$folder/frames" --json > "$folder/out"
grep -q '^{"frames":3,.*"lossless":true}$' "$folder/out" || { echo "figures:"; cat "$folder/out"; exit 1; }
"$bench" --schema "$folder/scenes.bfbs" --frames "$folder/frames" --distance 2 --ticks 1 > "$folder/out"
grep -q '^things\.x ' "$folder/out" || { echo "no line of things.x:"; cat "$folder/out"; exit 1; }

# The layout's hash, then of each of two frames its tick, its flags and more.
"$bench" --schema "$folder/scenes.bfbs" --frames "$folder/frames" --ticks 2 --packed-out "$folder/packed" --skip 3 > "$folder/out"
first=$(od -An -v -tu4 -j8 -N8 "$folder/packed" | tr -s ' ')
[ "$first" = " 2 3" ] || { echo "the first frame's tick and flags:$first"; exit 1; }

refused() {
  status=0
  "$bench" "$@" > "$folder/out" 2> "$folder/err" || status=$?
  [ "$status" -eq 2 ] && [ "$(wc -l < "$folder/err")" -eq 1 ] || { echo "$*: exit $status"; cat "$folder/err"; exit 1; }
}
head -c 50 "$folder/frames" > "$folder/cut"
refused --schema "$folder/scenes.bfbs" --frames "$folder/cut"
refused --schema "$folder/scenes.bfbs" --frames "$folder/none"
refused --schema "$folder/scenes.bfbs" --frames "$folder/frames" --packed-out "$folder/none/packed"

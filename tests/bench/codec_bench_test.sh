#!/bin/sh
# codec_bench BIN, FLATC, scenes.fbs, scrim.fbs' folder: a stream of three Worlds comes back as it was and is told in
# figures, and so is one with what is for a player alone; a stream that is cut, or is not there, or a file that cannot
# be written is one line and exit code 2.
set -eu
bench=$1 flatc=$2 schema=$3 include=$4
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# frame SCHEMA JSON FILE: appends the size, 4 bytes, little-endian, and the World.
frame() {
  echo "$2" > "$folder/world.json"
  "$flatc" --binary -I "$include" -o "$folder" "$1" "$folder/world.json"
  size=$(wc -c < "$folder/world.bin")
  # shellcheck disable=SC2059
  printf "$(printf '\\%03o\\%03o\\0\\0' $((size % 256)) $((size / 256)))" >> "$3"
  cat "$folder/world.bin" >> "$3"
}

"$flatc" --binary --schema --bfbs-builtins -I "$include" -o "$folder" "$schema"
for x in 100 107 114; do
  frame "$schema" "{things: [{id: 1, vx: 7, vy: 0, vz: 0, x: $x, y: 5, z: -5}]}" "$folder/frames"
done

"$bench" --schema "$folder/scenes.bfbs" --frames "$folder/frames" --json > "$folder/out"
grep -q '^{"frames":3,.*"lossless":true}$' "$folder/out" || { echo "figures:"; cat "$folder/out"; exit 1; }
for key in ticks plain_mean packed_mean packed_p50 packed_p99 packed_max encode_us decode_us field_bits things.x; do
  grep -q "\"$key\":" "$folder/out" || { echo "no $key:"; cat "$folder/out"; exit 1; }
done
"$bench" --schema "$folder/scenes.bfbs" --frames "$folder/frames" --distance 2 --ticks 1 > "$folder/out"
grep -q '^things\.x ' "$folder/out" || { echo "no line of things.x:"; cat "$folder/out"; exit 1; }

cat > "$folder/own.fbs" << 'SCHEMA'
include "scrim.fbs";
namespace own;
struct Ship { id:ushort (key); x:short; energy:ushort (owner_only); }
table World { ships:[Ship]; }
root_type World;
SCHEMA
"$flatc" --binary --schema --bfbs-builtins -I "$include" -o "$folder" "$folder/own.fbs"
for x in 1 2 3; do
  frame "$folder/own.fbs" "{ships: [{id: 1, x: $x, energy: 70$x}, {id: 2, x: 5, energy: 30$x}]}" "$folder/own_frames"
done
"$bench" --schema "$folder/own.bfbs" --frames "$folder/own_frames" --json > "$folder/out"
grep -q '"lossless":true}$' "$folder/out" || { echo "nobody's:"; cat "$folder/out"; exit 1; }
"$bench" --schema "$folder/own.bfbs" --frames "$folder/own_frames" --viewer 1 --json > "$folder/out"
grep -q '"owner_only":[1-9].*"lossless":true}$' "$folder/out" || { echo "player 1's:"; cat "$folder/out"; exit 1; }

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

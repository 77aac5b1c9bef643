#!/usr/bin/env bash
# The example games against the installed package: install into an empty prefix, build examples/tag and examples/noughts
# with nothing but that, run their own tests, play tag over a real socket, and verify what was recorded.
# usage: tag_test.sh BUILD_FOLDER WORK_FOLDER CMAKE_ARGUMENT...
set -euo pipefail
source_tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$1 work=$2
shift 2

server_pid=
cleanup() { [[ -z $server_pid ]] || kill -KILL "$server_pid" 2> /dev/null || true; }
trap cleanup EXIT

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  [[ ! -f $work/server.log ]] || tail -n 20 "$work/server.out" "$work/server.log" >&2
  exit 1
}

rm -rf "$work"
mkdir -p "$work"
cmake --install "$build" --prefix "$work/prefix" > "$work/install.log" || fail "install: $work/install.log"
if grep -rlF -e "$source_tree/" "$work"/prefix/lib*/cmake "$work/prefix/include"; then
  fail "the package names this source tree"
fi

if [[ -x $work/prefix/bin/scrim-server ]]; then
  "$work/prefix/bin/scrim-server" --listen 127.0.0.1:0 --bots 2 --duration 1 > "$work/installed.log" 2>&1 ||
    fail "the installed scrim-server: $(tail -n 5 "$work/installed.log")"
fi

# build_game NAME BUILD_FOLDER CMAKE_ARGUMENT...: and its own test passes.
build_game() {
  local name=$1 into=$2
  shift 2
  cmake -G Ninja -S "$source_tree/examples/$name" -B "$into" -DCMAKE_PREFIX_PATH="$work/prefix" "$@" \
    > "$work/$name-configure.log" 2>&1 || fail "configure $name: $(tail -n 20 "$work/$name-configure.log")"
  cmake --build "$into" > "$work/$name-build.log" 2>&1 || fail "build $name: $(tail -n 40 "$work/$name-build.log")"
  "$into/$name-test" > "$work/$name-test.log" 2>&1 || fail "$name's own test: $(tail -n 20 "$work/$name-test.log")"
}

build_game noughts "$work/noughts" "$@"
"$work/noughts/noughts-server" --listen 127.0.0.1:0 --duration 1 > "$work/noughts.log" 2>&1 ||
  fail "noughts-server: $(tail -n 5 "$work/noughts.log")"
build_game tag "$work/build" "$@"

"$work/build/tag-server" --listen 127.0.0.1:0 --record "$work/recordings" > "$work/server.out" 2> "$work/server.log" &
server_pid=$!
url=
until [[ -n $url ]]; do
  kill -0 "$server_pid" 2> /dev/null || fail "the server did not start"
  sleep 0.02
  url=$(sed -n 's/^listening on \(ws:.*\)$/\1/p' "$work/server.out")
done

timeout 60 "$work/build/tag-client" "$url" ada || fail "ada was in no game of tag"
if timeout 60 "$work/build/tag-client" "$url" it > "$work/refused"; then fail "the middleware let a bad name in"; fi
grep -q 'another name, please' "$work/refused" || fail "a refused client is not told why: $(cat "$work/refused")"

kill -TERM "$server_pid"
wait "$server_pid" || fail "the server ended with $?"
server_pid=
shopt -s nullglob
recordings=("$work"/recordings/*)
((${#recordings[@]} == 1)) || fail "one match, ${#recordings[@]} recordings"
recording=${recordings[0]}
"$work/build/tag-replay" verify "$recording" || fail "the recording does not verify"
# One byte of the middle changed: the same bits the other way round.
middle=$(($(stat -c %s "$recording") / 2))
flipped=$(printf '\\x%02x' $((255 - $(od -An -tu1 -j "$middle" -N 1 "$recording"))))
printf '%b' "$flipped" | dd of="$recording" bs=1 seek="$middle" conv=notrunc status=none
if "$work/build/tag-replay" verify "$recording"; then fail "a damaged recording verifies"; fi

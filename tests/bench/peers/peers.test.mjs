// The measuring itself, on Worlds of the arena that flatc makes from JSON: what is read of a buffer, and what each encoding
// makes of states that move, come, go or stand still.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const schemas = join(here, '../../../schemas/');
const arena = join(schemas, 'arena.fbs');
const skip = existsSync(join(here, 'node_modules')) ? false : 'run `npm ci` in tests/bench/peers';

const folder = mkdtempSync(join(tmpdir(), 'scrim-peers-test-'));
after(() => rmSync(folder, { recursive: true }));

let made = 0;
/// A frames file of these Worlds.
function framesFile(worlds) {
  const parts = worlds.map((world, i) => {
    const json = join(folder, `world${made}_${i}.json`);
    writeFileSync(json, JSON.stringify(world));
    return json;
  });
  ++made;
  execFileSync('flatc', ['--binary', '-I', schemas, '-o', folder, arena, ...parts]);
  const buffers = parts.map(json => readFileSync(json.replace(/json$/, 'bin')));
  const path = join(folder, `frames${made}`);
  const sizes = buffers.map(buffer => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(buffer.length);
    return size;
  });
  writeFileSync(path, Buffer.concat(buffers.flatMap((buffer, i) => [sizes[i], buffer])));
  return path;
}

const ship = (id, tick) => ({
  id,
  x: 100_000 * id + 517 * tick,
  y: 90_000 - 31 * tick * id,
  vx: 517,
  vy: -31 * id,
  aim: (tick * 700 * id) % 65_536,
  flags: 1,
  health: 100,
  thrust_x: 127,
  thrust_y: -8,
  held: 0,
  energy: 300,
  energy_from_tick: 7,
  rapid_until_tick: 0,
  shield_until_tick: 0,
  respawn_tick: 0,
  fire_ready_tick: 90,
  rail_ready_tick: 0,
  dash_ready_tick: 0,
  fire_latch_tick: 0,
  rail_latch_tick: 0,
  dash_latch_tick: 0,
});
const shot = (id, tick) => ({ id, x: 3840 * tick, y: 5, vx: 3840, vy: 0, owner: 1, weapon: 1, end_tick: 44 });
const match = { phase: 2, phase_end_tick: 9_000, round: 3, frag_limit: 20, leader: 2, seed: 77, mode: 0, map: 'foundry' };
const world = (tick, ships, more = {}) => ({
  match,
  ships: Array.from({ length: ships }, (_, i) => ship(i + 1, tick)),
  shots: [],
  pickups: [],
  ...more,
});
const moving = Array.from({ length: 60 }, (_, i) =>
  world(2 * i, 8, {
    shots: i % 3 === 0 ? [] : [shot(i % 5, i), shot(9 + (i % 2), i)],
    ...(i % 16 === 0 ? { players: [{ id: 1, name: 'ada', score: i }, { id: 2, name: 'grace' }] } : {}),
  })
);

test('a World is read as flatc wrote it', { skip }, async () => {
  const { loadSchema, readRoot } = await import('./reflection.mjs');
  const { framesOf } = await import('./measure.mjs');
  const [frame] = framesOf(readFileSync(framesFile([moving[16]])));
  const read = readRoot(loadSchema(arena), frame);
  assert.deepEqual(read.ships, moving[16].ships);
  assert.deepEqual(read.shots, moving[16].shots);
  assert.deepEqual(read.match, { ...match, team_score_1: 0, team_score_2: 0, leading_team: 0 });
  assert.deepEqual(read.players[0], { id: 1, name: 'ada', team: 0, score: 16, deaths: 0, streak: 0 });
  assert.equal(read.candidates, undefined);
});

test('every encoding takes every frame, and a client of Colyseus ends with the same state', { skip }, async () => {
  const { measure } = await import('./measure.mjs');
  const { frames, root, bytes } = await measure(arena, readFileSync(framesFile(moving)));
  assert.equal(frames, 60);
  assert.equal(root, 'arena.World');
  for (const [name, of] of Object.entries(bytes)) {
    assert.ok(of.mean > 0 && of.p50 <= of.p99 && of.p99 <= of.max, name);
  }
  assert.ok(bytes.colyseus.mean < bytes.flatbuffers.mean);
  assert.ok(bytes.flatbuffers.mean < bytes.json.mean);
  assert.ok(bytes.flatbuffers_deflate.mean < bytes.flatbuffers.mean);
  assert.ok(bytes.flatbuffers_zstd.mean < bytes.flatbuffers.mean);
});

test('what does not change costs a Colyseus room nothing', { skip }, async () => {
  const { measure } = await import('./measure.mjs');
  const still = Array.from({ length: 5 }, () => world(4, 8));
  const { bytes } = await measure(arena, readFileSync(framesFile(still)));
  assert.equal(bytes.colyseus.max, 0);
  const one = [...still, { ...world(4, 8), ships: world(4, 8).ships.map(ship => (ship.id === 3 ? { ...ship, x: 1 } : ship)) }];
  const changed = await measure(arena, readFileSync(framesFile(one)));
  // The room's byte, the ship's reference and its mark, the field, and its 4 bytes.
  assert.equal(changed.bytes.colyseus.max, 1 + 2 + 1 + 4);
});

test('the program prints a line for each encoding, or JSON', { skip }, () => {
  const run = (...more) => spawnSync(process.execPath, [join(here, 'peers.mjs'), ...more], { encoding: 'utf8' });
  const frames = framesFile(moving);
  const text = run('--schema', arena, '--frames', frames);
  assert.equal(text.status, 0, text.stderr);
  assert.match(text.stdout, /^60 frames of arena\.World, bytes each, from the second on\ncolyseus +mean .*\njson +mean /);
  const json = run('--schema', arena, '--frames', frames, '--json');
  assert.equal(JSON.parse(json.stdout).frames, 60);
});

test('what cannot be measured is refused in one line', { skip }, () => {
  const run = (...more) => spawnSync(process.execPath, [join(here, 'peers.mjs'), ...more], { encoding: 'utf8' });
  const frames = framesFile(moving.slice(0, 2));
  const cut = join(folder, 'cut');
  writeFileSync(cut, readFileSync(frames).subarray(0, -3));
  for (const [wanted, arguments_] of [
    [/^no whole frame at offset \d+\n$/, ['--schema', arena, '--frames', cut]],
    [/not a schema/, ['--schema', frames, '--frames', frames]],
    [/no such file/, ['--schema', arena, '--frames', join(folder, 'none')]],
  ]) {
    const ran = run(...arguments_);
    assert.equal(ran.status, 1);
    assert.match(ran.stderr, wanted);
    assert.equal(ran.stdout, '');
  }
  assert.equal(run('--schema', arena).status, 2);
  assert.equal(run('--frame').status, 2);
});

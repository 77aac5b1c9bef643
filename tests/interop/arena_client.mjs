// A player of the arena in about a hundred lines, written from docs/protocol.md and schemas/ alone: it joins a match by
// its URL, reads plain snapshots, roams, and fires at the nearest foe that no wall hides. An example for any language.
//
//   npm ci --prefix tests/interop
//   node tests/interop/arena_client.mjs --connect ws://127.0.0.1:8787 --match arena --seconds 30
//
// Its last line is JSON; it exits with 0 if it got a frag.
import { parseArgs } from 'node:util';
import WebSocket from 'ws';
import { ShipFlag, arena, flatbuffers, map, netcode } from './schemas.mjs';

const { values: options } = parseArgs({
  options: {
    connect: { type: 'string', default: 'ws://127.0.0.1:8787' },
    match: { type: 'string', default: 'arena' },
    name: { type: 'string', default: 'node' },
    seconds: { type: 'string', default: '30' },
    frags: { type: 'string', default: 'Infinity' }, // leaves once it has so many
  },
});

// In u, and u per tick. A shot flies a little farther than this.
const [kShotSpeed, kShotRange, kShotRadius, kShipRadius, kCell] = [15, 600, 5, 14, 40];
const counts = { frags: 0, deaths: 0, snapshots: 0, events: 0 };
let player = 0; // our seat
let received = 0; // the server's newest reliable message
let terrain = { width: 0, height: 0, walls: [] };
let open = []; // the cells of it where a ship fits

// --- Messages: a FlatBuffer each, in it the game's own FlatBuffer as bytes --------------------------------------------

const buffer = bytes => new flatbuffers.ByteBuffer(bytes);

function bytesOf(table) {
  const builder = new flatbuffers.Builder(256);
  builder.finish(table.pack(builder));
  return builder.asUint8Array();
}

function onMessage(data) {
  const message = netcode.Message.getRootAsMessage(buffer(data));
  switch (message.bodyType()) {
    case netcode.Body.Welcome:
      player = message.body(new netcode.Welcome()).player();
      break;
    case netcode.Body.Map:
      terrain = map.Map.getRootAsMap(buffer(message.body(new netcode.Map()).bodyArray())).unpack();
      open = openCells();
      break;
    case netcode.Body.Snapshot: {
      const snapshot = message.body(new netcode.Snapshot());
      const tick = snapshot.head().tick();
      counts.snapshots += 1;
      const move = play(arena.World.getRootAsWorld(buffer(snapshot.worldArray())).unpack());
      // Tick 0: as soon as possible. Sequence 0: not counted. The rest tells the server what has arrived here.
      const action = new netcode.ActionT(0, 0, tick, received, bytesOf(move));
      socket.send(bytesOf(new netcode.MessageT(netcode.Body.Action, action)));
      break;
    }
    case netcode.Body.Event:
      onEvent(message.body(new netcode.Event()));
      break;
  }
}

function onEvent(event) {
  counts.events += 1;
  if (event.sequence() !== 0) received = event.sequence();
  if (event.name() !== 'kill') return;
  const kill = arena.Kill.getRootAsKill(buffer(event.bodyArray()));
  if (kill.victim() === player) counts.deaths += 1;
  else if (kill.killer() === player) counts.frags += 1;
  if (counts.frags >= Number(options.frags)) socket.close(1000);
}

// --- Playing: what to do about a World --------------------------------------------------------------------------------

function play(world) {
  const alive = world.ships.filter(ship => ship.flags & ShipFlag.Alive).map(inUnits);
  const self = alive.find(ship => ship.id === player);
  const foes = alive.filter(ship => ship.id !== player);
  if (!self || foes.length === 0) return new arena.MoveT();
  foes.sort((a, b) => distance(self, a) - distance(self, b));

  const foe = foes.find(ship => isClear(self, ship, kShotRadius));
  if (!foe) return move(angle(self, wayTo(self, foes[0])), angle(self, foes[0]), false);
  // In on it from afar, back from too near, and else in circles around it.
  const away = distance(self, foe);
  const course = angle(self, foe) + Math.acos(Math.max(-1, Math.min(1, (away - 250) / 100)));
  const ticks = away / kShotSpeed + 2; // of the shot's flight, and until it is fired
  const aim = angle(self, { x: foe.x + foe.vx * ticks, y: foe.y + foe.vy * ticks });
  return move(course, aim, away < kShotRange);
}

const move = (course, aim, fire) =>
  new arena.MoveT(Math.round(127 * Math.cos(course)), Math.round(127 * Math.sin(course)), wireAngle(aim), fire);

const angle = (from, to) => Math.atan2(to.y - from.y, to.x - from.x);
const wireAngle = radians => Math.round((radians / (2 * Math.PI)) * 65536) & 0xffff;
const distance = (a, b) => Math.hypot(b.x - a.x, b.y - a.y);
const inUnits = ({ id, x, y, vx, vy }) => ({ id, x: x / 256, y: y / 256, vx: vx / 256, vy: vy / 256 });

// Whether the straight way between two points keeps `margin` u away from every wall.
function isClear(from, to, margin) {
  return !terrain.walls.some(wall => {
    const [left, right] = crossing(from.x, to.x, wall.x - margin, wall.x + wall.width + margin);
    const [top, bottom] = crossing(from.y, to.y, wall.y - margin, wall.y + wall.height + margin);
    return Math.max(left, top, 0) <= Math.min(right, bottom, 1);
  });
}

// At which parts of the way from one coordinate to another it is between low and high.
const crossing = (from, to, low, high) => [(low - from) / (to - from), (high - from) / (to - from)].sort((a, b) => a - b);

// The map in cells, row by row, each with one more that is outside, so that no row runs into the next.
const columns = () => Math.ceil(terrain.width / kCell) + 1;
const cellAt = point => Math.floor(point.y / kCell) * columns() + Math.floor(point.x / kCell);
const centerOf = cell => ({ x: ((cell % columns()) + 0.5) * kCell, y: (Math.floor(cell / columns()) + 0.5) * kCell });

function openCells() {
  const cells = Array.from({ length: columns() * Math.ceil(terrain.height / kCell) }, (_, cell) => centerOf(cell));
  return cells.map(({ x, y }) => x < terrain.width && isClear({ x, y }, { x, y }, kShipRadius));
}

// Where to head for on the shortest way round the walls: a flood over the open cells, from its end back to us. A Set
// also walks what is added meanwhile: it is the queue as well.
function wayTo(from, to) {
  const start = cellAt(from);
  const flooded = new Set([cellAt(to)]);
  for (const cell of flooded) {
    for (const next of [cell + 1, cell - 1, cell + columns(), cell - columns()]) {
      if (next === start) return centerOf(cell);
      if (open[next]) flooded.add(next);
    }
  }
  return to;
}

// --- The connection ---------------------------------------------------------------------------------------------------

const url = `${options.connect}/match/${options.match}?name=${encodeURIComponent(options.name)}`;
const socket = new WebSocket(url, 'scrim.v1');
const end = setTimeout(() => socket.close(1000), Number(options.seconds) * 1000);
socket.on('message', onMessage);
socket.on('error', error => console.error(`${url}: ${error.message}`));
socket.on('close', (code, reason) => {
  clearTimeout(end);
  if (code !== 1000) console.error(`closed with ${code}: ${reason}`);
  console.log(JSON.stringify(counts));
  process.exitCode = counts.frags >= 1 ? 0 : 1;
});

// A bot that plays the arena as a client of Socket.IO: it joins, reads snapshots as JSON, moves, aims and shoots.
//
//   npm ci --prefix examples
//   node examples/node_bot.mjs http://127.0.0.1:8787 [--polling] [--name N] [--match M] [--seconds S] [--frags F]
import { parseArgs } from 'node:util';
import { io } from 'socket.io-client';

const text = value => ({ type: 'string', default: value });
const { values: options, positionals: [url = 'http://127.0.0.1:8787'] } = parseArgs({
  allowPositionals: true,
  options: { polling: { type: 'boolean' }, name: text('node'), match: text('arena'), seconds: text('60'),
    frags: text('0') }, // it leaves once it has so many; 0: when the time is up
});
const socket = io(url, { auth: { name: options.name }, upgrade: !options.polling });
const counts = { frags: 0, snapshots: 0 };
let [player, walls, side] = [0, [], 1]; // our seat; [x, y, width, height] in u; how we go round foes and walls

async function join(match) {
  const answer = await socket.emitWithAck('join', { match, snapshots: 'json', map: true });
  if (answer.error) return stop(answer.error.message);
  [player, walls] = [answer.player, wallsOf(answer.map)];
}

// The map is bytes, a FlatBuffer after schemas/map.fbs: its walls are the fifth field, structs of four shorts.
function wallsOf(bytes) {
  const table = bytes.readUInt32LE(0);
  const field = table + bytes.readUInt16LE(table - bytes.readInt32LE(table) + 4 + 2 * 4);
  const vector = field + bytes.readUInt32LE(field);
  const wall = (_, i) => [0, 2, 4, 6].map(at => bytes.readInt16LE(vector + 4 + 8 * i + at));
  return Array.from({ length: bytes.readUInt32LE(vector) }, wall);
}

// Whether the straight way between two points keeps `margin` away from every wall.
const crossing = (a, b, low, high) => [low, high].map(at => (at - a) / (b - a || 1e-9)).sort((p, q) => p - q);
const isClear = (from, to, margin) => !walls.some(([x, y, width, height]) => {
  const [left, right] = crossing(from.x, to.x, x - margin, x + width + margin);
  const [top, bottom] = crossing(from.y, to.y, y - margin, y + height + margin);
  return Math.max(left, top, 0) <= Math.min(right, bottom, 1);
});
const angle = (from, to) => Math.atan2(to.y - from.y, to.x - from.x);
const ahead = (from, course, way) => ({ x: from.x + way * Math.cos(course), y: from.y + way * Math.sin(course) });
const inUnits = ship => ({ ...ship, x: ship.x / 256, y: ship.y / 256, vx: ship.vx / 256, vy: ship.vy / 256 });

function play(world, tick) {
  const ships = world.ships.filter(ship => ship.flags & 1).map(inUnits); // 1: alive
  const self = ships.find(ship => ship.id === player);
  const away = foe => Math.hypot(foe.x - self.x, foe.y - self.y);
  const foes = self ? ships.filter(ship => ship !== self).sort((a, b) => away(a) - away(b)) : [];
  if (foes.length === 0) return {};
  const foe = foes.find(one => away(one) < 900 && isClear(self, one, 6)) ?? foes[0];
  const seen = isClear(self, foe, 6) && away(foe) < 900;
  // In on it from afar, back from too near, else in circles around it; and round the walls that are in the way.
  const wanted = angle(self, foe) + (seen ? side * Math.acos(Math.max(-1, Math.min(1, (away(foe) - 200) / 100))) : 0);
  const courses = [0, 0.6, 1.2, 1.8, 2.4, 3].map(turn => wanted + side * turn);
  const course = courses.find(way => isClear(self, ahead(self, way, 100), 18)) ?? wanted + Math.PI;
  if (Math.random() < 0.01) side = -side; // hard to foresee, and in no corner for long
  // A rail hits at once where the foe is seen; a blaster's shot flies 15 u a tick, and the foe goes on meanwhile.
  const rail = seen && tick >= self.rail_ready_tick;
  const ticks = rail ? 0 : away(foe) / 15 + 3;
  const aim = angle(self, { x: foe.x + foe.vx * ticks, y: foe.y + foe.vy * ticks });
  const [thrust_x, thrust_y] = [Math.cos(course), Math.sin(course)].map(part => Math.round(127 * part));
  return { thrust_x, thrust_y, aim: Math.round((aim / Math.PI) * 32768) & 0xffff, rail, fire: seen && away(foe) < 600 };
}

function stop(why) {
  console.log(why ?? JSON.stringify(counts));
  process.exitCode = counts.frags >= 1 ? 0 : 1;
  socket.emit('chat', { text: 'gg' });
  setTimeout(() => process.exit(), 200);
}

socket.on('connect', () => join(options.match)); // again, when the server has been away
socket.on('ended', ({ next }) => next && join(next));
socket.on('round_ended', () => socket.emit('chat', { text: 'gg' }));
socket.on('snapshot', (world, { tick }) => {
  counts.snapshots += 1; // volatile: a move that cannot leave now is of no use later; view_tick: what we aim by
  socket.volatile.emit('action', play(world, tick), { view_tick: tick });
});
socket.on('kill', ({ killer }) => killer === player && ++counts.frags === Number(options.frags) && stop());
setTimeout(stop, Number(options.seconds) * 1000, null);

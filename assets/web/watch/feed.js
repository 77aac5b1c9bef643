// The connection to the server: which match is watched, its snapshots, and what goes over the wire. It comes back by
// itself, and goes on where it was.
import { readMap } from './map.js';

const kept = 64; // snapshots: two seconds
const answerTimeout = 5000; // ms
const delayMax = 600; // ms: after a longer stall it jumps

export class Feed extends EventTarget {
  match = null; // the join's answer; null: nothing is watched
  map = null;
  matches = [];
  traffic = { bytes: 0, snapshots: 0, rtt: null };
  isConnected = false;
  #socket;
  #wanted;
  #isJoining = false;
  #snapshots = []; // { tick, world }, the oldest first
  #start = Infinity; // when tick 0 was, by this clock in ms: by the snapshots that came soonest
  #late = 0; // how much later others come, in ms
  #drawn = 0;

  /// `wanted`: the id of a match; empty: whichever there is.
  constructor(wanted) {
    super();
    this.#wanted = wanted;
    const base = location.pathname.replace(/[^/]*$/, '');
    this.#socket = io({ path: `${base}socket.io/`, auth: { name: 'watcher' }, reconnectionDelayMax: 2000 });
    this.#socket.on('connect', () => this.#connected(true));
    this.#socket.on('disconnect', reason => {
      this.#connected(false);
      // It says goodbye when its session ends; a client comes back by itself only from a connection that broke.
      if (reason === 'io server disconnect') setTimeout(() => this.#socket.connect(), 1000);
    });
    this.#socket.on('snapshot', (world, head) => this.#take(world, head.tick));
    this.#socket.on('ended', ({ match, next }) => {
      if (match !== this.match?.match) return;
      this.#left();
      if (next) this.watch(next);
    });
    this.#socket.onAny((name, ...args) => this.#tell('event', { name, args }));
    this.#socket.io.on('open', () => {
      this.#socket.io.engine.on('packet', ({ data }) => (this.traffic.bytes += data?.byteLength ?? data?.length ?? 0));
    });
    this.#ask();
    setInterval(() => this.#ask(), 1000);
  }

  get transport() {
    return this.#socket.io.engine?.transport?.name ?? '';
  }

  /// Resolves to the first of the answer's arguments.
  async emit(name, ...args) {
    if (!this.isConnected) throw new Error('not connected');
    if (/^(scrim:)?join$/.test(name)) {
      args = [{ ...args[0], snapshots: 'json', map: true }]; // as this page draws them
      return this.#joined(this.#socket.timeout(answerTimeout).emitWithAck(name, ...args));
    }
    const answer = await this.#socket.timeout(answerTimeout).emitWithAck(name, ...args);
    if (/^(scrim:)?leave$/.test(name) && !answer?.error) this.#left();
    return answer;
  }

  watch(match) {
    this.#wanted = match;
    return this.emit('join', { match, spectate: true }).catch(() => {}); // #ask tries again
  }

  /// The ships and shots of the tick that is to be drawn now, a little in the past, so that there is a snapshot on
  /// either side of it: { tick, world, ships, shots, isTold }. isTold: there is a snapshot of this very tick.
  /// Null: there is none at all yet.
  now() {
    const newest = this.#snapshots.at(-1);
    if (!newest) return null;
    const tickMs = 1000 / this.match.tick_hz;
    const wanted = Math.floor((performance.now() - this.#start - this.delay) / tickMs);
    const tick = Math.min(newest.tick, Math.max(wanted, this.#drawn, this.#snapshots[0].tick));
    this.#drawn = tick;
    const after = this.#snapshots.findIndex(snapshot => snapshot.tick >= tick);
    const to = this.#snapshots[after];
    if (to.tick === tick) return { tick, world: to.world, ships: alive(to.world), shots: to.world.shots, isTold: true };
    const from = this.#snapshots[after - 1];
    const part = (tick - from.tick) / (to.tick - from.tick);
    const ships = between(alive(from.world), alive(to.world), part);
    return { tick, world: from.world, ships, shots: between(from.world.shots, to.world.shots, part), isTold: false };
  }

  /// How far in the past the match is drawn, in ms.
  get delay() {
    return Math.min(delayMax, this.#late + 2000 / (this.match?.snapshot_hz ?? 30));
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #connected(isConnected) {
    this.isConnected = isConnected;
    this.#isJoining = false;
    this.traffic.rtt = null;
    this.#left();
    this.#ask();
  }

  #left() {
    this.match = null;
    this.#forget();
    this.#tell('match');
  }

  #forget() {
    this.#snapshots = [];
    this.#start = Infinity;
    this.#late = 0;
    this.#drawn = 0;
  }

  // Once a second: which matches there are, how long an answer takes, and whether there is one to go to.
  async #ask() {
    if (!this.isConnected) return this.#tell('matches');
    const before = performance.now();
    try {
      const answer = await this.emit('list', {});
      this.traffic.rtt = performance.now() - before;
      if (answer.matches) this.matches = answer.matches;
    } catch {
      return; // no answer: as a connection that broke, or will
    }
    this.#tell('matches');
    const goal = this.#wanted || this.matches[0]?.id;
    if (!this.match && !this.#isJoining && goal) await this.watch(goal);
  }

  async #joined(asked) {
    this.#isJoining = true;
    try {
      const answer = await asked;
      if (!answer.error) {
        this.#forget();
        this.match = answer;
        this.map = answer.map ? readMap(answer.map) : null;
        this.#wanted = answer.match;
        this.#tell('match');
      }
      return answer;
    } finally {
      this.#isJoining = false;
    }
  }

  #take(world, tick) {
    if (!this.match || world instanceof ArrayBuffer) return; // of the match before this one
    this.traffic.snapshots += 1;
    if (tick <= this.#snapshots.at(-1)?.tick) return;
    this.#snapshots.push({ tick, world });
    if (this.#snapshots.length > kept) this.#snapshots.shift();
    const start = performance.now() - (tick * 1000) / this.match.tick_hz;
    this.#start = Math.min(this.#start + 0.05, start); // clocks drift apart
    this.#late = Math.max(this.#late * 0.99, start - this.#start);
  }
}

const alive = world => world.ships.filter(ship => ship.flags & 1);

// Of what is in both; what has come back elsewhere meanwhile stays where it was.
function between(from, to, part) {
  const next = new Map(to.map(one => [one.id, one]));
  return from.flatMap(one => {
    const other = next.get(one.id);
    if (!other) return [];
    const [dx, dy] = [other.x - one.x, other.y - one.y];
    if (Math.hypot(dx, dy) > 256 * 120) return [one];
    const turn = ((other.aim - one.aim + 98304) & 0xffff) - 32768;
    return [{ ...one, x: one.x + dx * part, y: one.y + dy * part, aim: one.aim + turn * part }];
  });
}

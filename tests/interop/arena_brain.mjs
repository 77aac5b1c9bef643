// What to do about a World: in sight of a foe circle it and fire where it will be; else go to the nearest one.
//
// In u and ticks, as schemas/arena.fbs and map.fbs have them: positions and speeds in a World are 256ths of a u. What
// is in no schema, the shots' speed and range and both radii, can be measured in a few snapshots.
import { ShipFlag, arena } from './schemas.mjs';

const kShotSpeed = 15;
const kShotRange = 600; // a little less than a shot flies
const kShotRadius = 5;
const kShipRadius = 14;
const kCell = 40; // the side of a cell of the map; corridors are wider than three

const angle = (from, to) => Math.atan2(to.y - from.y, to.x - from.x);
const wireAngle = radians => Math.round((radians / (2 * Math.PI)) * 65536) & 0xffff;
const distance = (a, b) => Math.hypot(b.x - a.x, b.y - a.y);
const inUnits = ({ id, x, y, vx, vy }) => ({ id, x: x / 256, y: y / 256, vx: vx / 256, vy: vy / 256 });

const move = (course, aim, fire) =>
  new arena.MoveT(Math.round(127 * Math.cos(course)), Math.round(127 * Math.sin(course)), wireAngle(aim), fire);

// From which part of the way between two coordinates on, and up to which, it is within low and high.
function crossing(from, to, low, high) {
  const ends = [(low - from) / (to - from), (high - from) / (to - from)];
  return ends.sort((a, b) => a - b);
}

export class Brain {
  #map;
  #columns; // of cells; the last is outside, so that no row runs into the next
  #open; // of each cell: does a ship fit there?

  constructor(map) {
    this.#map = map;
    this.#columns = Math.ceil(map.width / kCell) + 1;
    const cells = this.#columns * Math.ceil(map.height / kCell);
    const centers = Array.from({ length: cells }, (_, cell) => this.#center(cell));
    this.#open = centers.map(center => center.x < map.width && this.#isClear(center, center, kShipRadius));
  }

  play(world, player) {
    const alive = world.ships.filter(ship => ship.flags & ShipFlag.Alive).map(inUnits);
    const self = alive.find(ship => ship.id === player);
    const foes = alive.filter(ship => ship.id !== player);
    if (!self) return new arena.MoveT();
    if (foes.length === 0) {
      // Who is out of sight is not in the World: to where everybody comes by.
      const course = angle(self, this.#wayTo(self, { x: this.#map.width / 2, y: this.#map.height / 2 }));
      return move(course, course, false);
    }
    foes.sort((a, b) => distance(self, a) - distance(self, b));

    const foe = foes.find(ship => this.#isClear(self, ship, kShotRadius));
    if (!foe) return move(angle(self, this.#wayTo(self, foes[0])), angle(self, foes[0]), false);
    // In on it from afar, back from too near, and else in circles around it.
    const away = distance(self, foe);
    const course = angle(self, foe) + Math.acos(Math.max(-1, Math.min(1, (away - 150) / 100)));
    const ticks = away / kShotSpeed + 2; // the shot's flight, and what passes until it is fired
    const aim = angle(self, { x: foe.x + foe.vx * ticks, y: foe.y + foe.vy * ticks });
    return move(course, aim, away < kShotRange);
  }

  // Whether the straight way between two points keeps `margin` away from every wall.
  #isClear(from, to, margin) {
    return !this.#map.walls.some(wall => {
      const [left, right] = crossing(from.x, to.x, wall.x - margin, wall.x + wall.width + margin);
      const [top, bottom] = crossing(from.y, to.y, wall.y - margin, wall.y + wall.height + margin);
      return Math.max(left, top, 0) <= Math.min(right, bottom, 1);
    });
  }

  // Where to head for on the shortest way round the walls: a flood over the open cells, from its end back to us. A Set
  // also walks what is added meanwhile: it is the queue as well.
  #wayTo(from, to) {
    const start = this.#cellAt(from);
    const flooded = new Set([this.#cellAt(to)]);
    for (const cell of flooded) {
      for (const next of [cell + 1, cell - 1, cell + this.#columns, cell - this.#columns]) {
        if (next === start) return this.#center(cell);
        if (this.#open[next]) flooded.add(next);
      }
    }
    return to;
  }

  #cellAt(point) {
    return Math.floor(point.y / kCell) * this.#columns + Math.floor(point.x / kCell);
  }

  #center(cell) {
    return { x: ((cell % this.#columns) + 0.5) * kCell, y: (Math.floor(cell / this.#columns) + 0.5) * kCell };
  }
}

// The match from above, all of the map at once: 1 u of the map is `scale` pixels of the canvas.

const unit = 256; // positions in a World are 256ths of a u
const hues = [
  ['#35e6ff', '#ff8a1f', '#6bff8e', '#ff5fa8', '#ffd84a', '#8f7bff'],
  ['#ff4d5e', '#3d8bff', '#b6ff4a', '#f0ebff', '#ff9d8a', '#4affd4'],
].flat();
const teams = { 1: '#3d8bff', 2: '#ff8a1f' };
const dart = [[17, 0], [2, 7], [-11, 13], [-6, 0], [-11, -13], [2, -7]]; // a ship, nose first
const padColors = { Health: '#6bff8e', Rapid: '#ffd84a', Mega: '#f0ebff' };
const lives = { rail_fired: 450, kill: 600, hit: 180, pickup_taken: 400 }; // of effects, in ms

export const colorOf = player => teams[player?.team] ?? hues[((player?.id ?? 1) - 1) % hues.length];

export class Arena {
  #canvas;
  #context;
  #ground = null; // the map, drawn once
  #map = null;
  #view = { scale: 1, left: 0, top: 0 };
  #effects = []; // { kind, event, from }

  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false });
    new ResizeObserver(() => this.#fit()).observe(canvas);
  }

  set map(map) {
    this.#map = map;
    this.#effects = [];
    this.#fit();
  }

  /// What was told of, to be shown after `delay` ms, when its tick is drawn.
  tell(kind, event, delay) {
    if (lives[kind]) this.#effects.push({ kind, event, from: performance.now() + delay });
  }

  /// `now`: of Feed.now(); null: there is only the map.
  draw(now, players) {
    const context = this.#context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    if (this.#ground) context.drawImage(this.#ground, 0, 0);
    else this.#clear(context);
    const { scale, left, top } = this.#view;
    context.setTransform(scale, 0, 0, scale, left, top);
    if (!now) return;
    for (const pickup of now.world.pickups ?? []) this.#drawPickup(pickup, now.tick);
    for (const shot of now.shots) this.#drawShot(shot, colorOf(players.get(shot.owner)));
    this.#drawEffects();
    for (const ship of now.ships) this.#drawShip(ship, players.get(ship.id), now);
  }

  #clear(context) {
    context.fillStyle = '#070910';
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  #fit() {
    const pixels = devicePixelRatio || 1;
    const [width, height] = [this.#canvas.clientWidth * pixels, this.#canvas.clientHeight * pixels].map(Math.round);
    if (width === 0 || height === 0) return;
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#ground = null;
    if (!this.#map) return;
    const margin = 12 * pixels;
    const scale = Math.min((width - 2 * margin) / this.#map.width, (height - 2 * margin) / this.#map.height);
    this.#view = { scale, left: (width - this.#map.width * scale) / 2, top: (height - this.#map.height * scale) / 2 };
    const ground = Object.assign(document.createElement('canvas'), { width, height });
    this.#drawGround(ground.getContext('2d', { alpha: false }));
    this.#ground = ground;
  }

  #drawGround(context) {
    const { width, height, walls } = this.#map;
    const { scale, left, top } = this.#view;
    this.#clear(context);
    context.setTransform(scale, 0, 0, scale, left, top);
    context.fillStyle = '#090c16';
    context.fillRect(0, 0, width, height);
    context.lineWidth = 1 / scale;
    for (const [step, color] of [[64, '#0f1524'], [256, '#1a2440']]) {
      context.strokeStyle = color;
      context.beginPath();
      for (let x = step; x < width; x += step) (context.moveTo(x, 0), context.lineTo(x, height));
      for (let y = step; y < height; y += step) (context.moveTo(0, y), context.lineTo(width, y));
      context.stroke();
    }
    // Outlines first, then fills: walls that touch are one.
    context.strokeStyle = '#4a55b8';
    context.lineWidth = Math.max(5, 2.5 / scale);
    for (const wall of walls) context.strokeRect(wall.x, wall.y, wall.width, wall.height);
    context.strokeRect(0, 0, width, height);
    context.fillStyle = '#10152a';
    for (const wall of walls) context.fillRect(wall.x, wall.y, wall.width, wall.height);
  }

  #drawPickup({ id, kind, ready_tick }, tick) {
    const pad = this.#map?.pads[id];
    if (!pad) return;
    const context = this.#context;
    const isReady = tick >= ready_tick;
    context.strokeStyle = padColors[kind];
    context.fillStyle = padColors[kind];
    context.globalAlpha = isReady ? 1 : 0.3;
    context.lineWidth = 3;
    context.beginPath();
    context.arc(pad.x, pad.y, 20, 0, 2 * Math.PI);
    context.stroke();
    if (isReady) {
      context.beginPath();
      if (kind === 'Health') {
        context.rect(pad.x - 10, pad.y - 3, 20, 6);
        context.rect(pad.x - 3, pad.y - 10, 6, 20);
      } else if (kind === 'Rapid') {
        for (const x of [-9, 1]) {
          context.moveTo(pad.x + x, pad.y - 9);
          context.lineTo(pad.x + x + 9, pad.y);
          context.lineTo(pad.x + x, pad.y + 9);
        }
      } else {
        for (let i = 0; i < 6; ++i)
          context.lineTo(pad.x + 11 * Math.cos((i * Math.PI) / 3), pad.y + 11 * Math.sin((i * Math.PI) / 3));
      }
      context.fill();
    }
    context.globalAlpha = 1;
  }

  #drawShot(shot, color) {
    const context = this.#context;
    const [x, y] = [shot.x / unit, shot.y / unit];
    const [dx, dy] = [(1.8 * shot.vx) / unit, (1.8 * shot.vy) / unit];
    context.lineCap = 'round';
    for (const [width, paint, alpha] of [[12, color, 0.25], [6, color, 1], [2.5, '#ffffff', 1]]) {
      context.globalAlpha = alpha;
      context.strokeStyle = paint;
      context.lineWidth = width;
      context.beginPath();
      context.moveTo(x - dx, y - dy);
      context.lineTo(x, y);
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  #drawShip(ship, player, now) {
    const context = this.#context;
    const [x, y] = [ship.x / unit, ship.y / unit];
    const color = colorOf(player ?? ship);
    const turn = (ship.aim / 65536) * 2 * Math.PI;
    context.save();
    context.translate(x, y);
    context.save();
    context.rotate(turn);
    context.beginPath();
    for (const [px, py] of dart) context.lineTo(1.6 * px, 1.6 * py);
    context.closePath();
    context.strokeStyle = color;
    context.globalAlpha = 0.22;
    context.lineWidth = 14;
    context.stroke();
    context.globalAlpha = 1;
    context.fillStyle = '#0c1020';
    context.fill();
    context.lineWidth = 3.5;
    context.stroke();
    context.restore();
    if (ship.flags & 2) {
      context.strokeStyle = '#ffffff';
      context.globalAlpha = 0.6;
      context.lineWidth = 2;
      context.beginPath();
      context.arc(0, 0, 34, 0, 2 * Math.PI);
      context.stroke();
      context.globalAlpha = 1;
    }
    const low = ship.health < 35;
    context.fillStyle = '#1e2a47';
    context.fillRect(-28, 35, 56, 7);
    context.fillStyle = ship.health > 100 ? '#f0ebff' : low ? '#ff4d5e' : '#6bff8e';
    context.fillRect(-28, 35, (56 * Math.min(ship.health, 100)) / 100, 7);
    const isLeader = player && player.id === now.world.match?.leader;
    const size = Math.max(22, 12 / this.#view.scale);
    context.font = `${isLeader ? 700 : 500} ${size}px system-ui, 'DejaVu Sans', sans-serif`;
    context.textAlign = 'center';
    context.lineWidth = 5;
    context.strokeStyle = '#070910cc';
    const name = `${isLeader ? '♛ ' : ''}${player?.name ?? ''}`;
    context.strokeText(name, 0, -38);
    context.fillStyle = isLeader ? '#ffffff' : '#c9d4f2';
    context.fillText(name, 0, -38);
    context.restore();
  }

  #drawEffects() {
    const context = this.#context;
    const time = performance.now();
    this.#effects = this.#effects.filter(({ kind, from }) => time < from + lives[kind]);
    for (const { kind, event, from } of this.#effects) {
      const part = (time - from) / lives[kind];
      if (part < 0) continue;
      const [x, y] = [event.x / unit, event.y / unit];
      context.globalAlpha = 1 - part;
      if (kind === 'rail_fired') {
        for (const [width, color] of [[14, '#35e6ff44'], [4, '#e8fbff']]) {
          context.lineWidth = width;
          context.strokeStyle = color;
          context.beginPath();
          context.moveTo(x, y);
          context.lineTo(event.end_x / unit, event.end_y / unit);
          context.stroke();
        }
        continue;
      }
      const radius = { kill: 110, hit: 26, pickup_taken: 50 }[kind];
      context.lineWidth = kind === 'kill' ? 7 * (1 - part) + 1 : 3;
      context.strokeStyle = { kill: '#ff8f7a', hit: '#ffffff', pickup_taken: padColors[event.kind] }[kind];
      context.beginPath();
      context.arc(x, y, radius * Math.sqrt(part), 0, 2 * Math.PI);
      context.stroke();
    }
    context.globalAlpha = 1;
  }
}

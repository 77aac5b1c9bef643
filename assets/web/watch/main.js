// The page: what the feed brings, in its places. #ID in the address names the match to watch.
import { Arena, colorOf } from './arena.js';
import { Chart } from './chart.js';
import { Console } from './console.js';
import { Feed } from './feed.js';

const find = selector => document.querySelector(selector);
const make = (tag, text, more = {}) => Object.assign(document.createElement(tag), { textContent: text, ...more });
const drawnMax = 2400; // frames, 40 s of them

const feed = new Feed(decodeURIComponent(location.hash.slice(1)));
const arena = new Arena(find('#arena'));
const shell = new Console(feed);
const chart = (name, color, words) => new Chart(find(`[data-chart=${name}]`), color, words);
const charts = {
  bytes: chart('bytes', '#35e6ff', bytes => `${(bytes / 1000).toFixed(1)} kB/s`),
  snapshots: chart('snapshots', '#6bff8e', count => `${count.toFixed(0)} /s`),
  rtt: chart('rtt', '#ffd84a', ms => `${ms.toFixed(ms < 10 ? 1 : 0)} ms`),
};
let players = new Map();

// For tests: where ships were drawn, [id, x, y] as in a World, and at which tick. isTold: it is a snapshot's own.
window.scrim = { feed, drawn: [] };

function draw() {
  const now = feed.now();
  if (now?.world.players?.length) players = new Map(now.world.players.map(player => [player.id, player]));
  arena.draw(now, players);
  if (now) {
    window.scrim.drawn.push({ tick: now.tick, isTold: now.isTold, ships: now.ships.map(({ id, x, y }) => [id, x, y]) });
    if (window.scrim.drawn.length > drawnMax) window.scrim.drawn.shift();
  }
  requestAnimationFrame(draw);
}

// --- The match, in words -------------------------------------------------------------------------------------------

const phases = { Warmup: 'warm-up', Countdown: 'get ready', SuddenDeath: 'sudden death', Podium: 'podium' };
const modes = { FreeForAll: 'free-for-all', Duel: 'duel', Teams: 'teams', Instarail: 'instarail' };

function clock(ticks) {
  const seconds = Math.max(0, Math.ceil(ticks / feed.match.tick_hz));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function showHeadline(now) {
  const match = now?.world.match;
  const line = find('#headline');
  line.replaceChildren();
  if (!match) return;
  const phase = match.phase === 'Round' ? `round ${match.round}` : phases[match.phase];
  const left = match.phase_end_tick > 0 ? ` · ${clock(match.phase_end_tick - now.tick)}` : '';
  line.append(make('b', feed.match.match), ` · ${modes[match.mode]} on ${match.map} · ${phase}${left}`);
  if (match.mode === 'Teams') line.append(` · blue ${match.team_score_1} : ${match.team_score_2} orange`);
  else line.append(` · first to ${match.frag_limit}`);
}

function showScore(now) {
  const rows = [...players.values()].sort((a, b) => b.score - a.score || a.deaths - b.deaths || a.id - b.id);
  find('#score tbody').replaceChildren(
    ...(now ? rows : []).map(player => {
      const row = make('tr', '', { className: player.id === now.world.match?.leader ? 'leads' : '' });
      const name = make('td', '', { title: player.name });
      const dot = make('i', '');
      dot.style.background = colorOf(player);
      name.append(dot, player.name);
      row.append(name, make('td', player.score), make('td', player.deaths));
      return row;
    }),
  );
}

function showKill({ killer, victim, weapon }) {
  const name = id => players.get(id)?.name ?? 'somebody';
  const line = make('li', '');
  const part = id => {
    const text = make('b', name(id));
    text.style.color = colorOf(players.get(id));
    return text;
  };
  line.append(part(killer), make('span', weapon === 'Rail' ? ' railed ' : ' shot '), part(victim));
  find('#kills').append(line);
  if (find('#kills').childElementCount > 5) find('#kills').firstElementChild.remove();
  setTimeout(() => line.remove(), 5000);
}

// --- Matches -------------------------------------------------------------------------------------------------------

function showMatches() {
  const list = find('#matches');
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.match : null;
  const lines = feed.matches.map(match => {
    const button = make('button', '', { type: 'button', onclick: () => choose(match.id) });
    button.dataset.match = match.id;
    button.setAttribute('aria-current', String(match.id === feed.match?.match));
    const count = make('span', `${match.players}/${match.players_max}`);
    const { mode = match.kind, map } = match.metadata;
    const bots = `${match.bots} ${match.bots === 1 ? 'bot' : 'bots'}`;
    const facts = [mode, map, bots, match.has_password && 'password'].filter(Boolean);
    button.append(make('b', match.id), count, make('small', facts.join(' · ')));
    const line = make('li', '');
    line.append(button);
    return line;
  });
  list.replaceChildren(...(lines.length ? lines : [make('li', 'none yet', { className: 'empty' })]));
  if (focused) list.querySelector(`[data-match="${CSS.escape(focused)}"]`)?.focus();
}

function choose(match) {
  history.replaceState(null, '', `#${encodeURIComponent(match)}`);
  feed.watch(match);
}

function showStatus() {
  const status = find('#status');
  const state = !feed.isConnected ? 'lost' : feed.match ? 'live' : 'waits';
  const text = { lost: 'connecting', waits: 'waiting for a match', live: `live over ${feed.transport}` }[state];
  if (status.textContent !== text) status.textContent = text;
  status.dataset.state = state;
}

// --- What happens --------------------------------------------------------------------------------------------------

feed.addEventListener('matches', () => {
  showMatches();
  showStatus();
});
feed.addEventListener('match', () => {
  if (feed.match) {
    arena.map = feed.map;
    players = new Map();
    shell.note(`watching ${feed.match.match}`);
  } else if (!feed.isConnected) {
    shell.note('not connected');
  }
  find('#kills').replaceChildren();
  showMatches();
  showStatus();
});
feed.addEventListener('event', ({ detail: { name, args } }) => {
  shell.came(name, args);
  arena.tell(name, args[0], feed.delay);
  if (name === 'kill') setTimeout(showKill, feed.delay, args[0]);
});

setInterval(() => {
  const now = feed.now();
  showHeadline(now);
  showScore(now);
  showStatus();
}, 250);

let last = performance.now();
setInterval(() => {
  const seconds = (performance.now() - last) / 1000;
  last = performance.now();
  charts.bytes.add(feed.traffic.bytes / seconds);
  charts.snapshots.add(feed.traffic.snapshots / seconds);
  charts.rtt.add(feed.traffic.rtt);
  feed.traffic.bytes = feed.traffic.snapshots = 0;
}, 1000);

document.addEventListener('keydown', event => {
  const isTyping = event.target.matches('input, textarea');
  const buttons = [...document.querySelectorAll('#matches button')];
  if (event.key === 'Escape' && isTyping) event.target.blur();
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/') {
    event.preventDefault();
    shell.focus();
  } else if (event.key === 'm') {
    (buttons.find(button => button.getAttribute('aria-current') === 'true') ?? buttons[0])?.focus();
  } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    const at = buttons.indexOf(document.activeElement);
    if (at < 0) return;
    event.preventDefault();
    buttons[(at + (event.key === 'ArrowDown' ? 1 : buttons.length - 1)) % buttons.length].focus();
  }
});

requestAnimationFrame(draw);

// A transcript out of what a proxy recorded and a script logged: lines that two servers which do the same make alike.
//
// A line is {stream, ...}; each stream has its own order, and between streams there is none. They are:
//   log NAME         what the script logged, in a client's name: its callbacks, the answers that it got
//   session N        each different kind of answer to the session's requests, sorted, since a client polls as often as it likes
//   session N up     the client's Engine.IO packets, whatever they came over; "session N down": the server's
//   session N probe  the WebSocket that a session moves to, until it has: up and down
//   no session       answers to requests that have no session or name none that is known, with their bodies
//
// Normalised are only: session ids and private ids (numbered labels), offsets of connection state recovery, ports and dates
// (never recorded), and how packets are batched in polling: bodies are cut into packets, and a noop is left out, which ends a
// poll that has nothing to say.

import { kMaxPayloadBytes } from './options.mjs';

const kSeparator = '\x1e';
const kText = 1;
const kNames = { 8: 'close', 9: 'ping', 10: 'pong' };

/// `logs`: [{name, values}]. Returns the transcript's lines, as strings of JSON.
export function transcript(records, logs) {
  const sessions = [];
  const loose = [];
  const exchanges = readExchanges(records);
  for (const exchange of exchanges.values()) sessionOf(exchange, sessions);
  replay(records, exchanges, sessions, loose);

  const labels = new Labels();
  sessions.forEach(session => labels.learn(session));
  const lines = [];
  const add = (stream, values) => values.forEach(value => lines.push(labels.apply({ stream, ...value })));
  const names = [...new Set(logs.map(({ name }) => name))].sort();
  names.forEach(name => add(`log ${name}`, logs.filter(entry => entry.name === name).map(({ values }) => ({ values }))));
  sessions.forEach(({ answers, up, down, probes }, index) => {
    const stream = `session ${index + 1}`;
    add(stream, [...answers].sort().map(text => JSON.parse(text)));
    add(`${stream} up`, up);
    add(`${stream} down`, down);
    probes.forEach((probe, number) => {
      const suffix = probes.length > 1 ? ` ${number + 1}` : '';
      add(`${stream} probe${suffix} up`, probe.up);
      add(`${stream} probe${suffix} down`, probe.down);
    });
  });
  add('no session', loose);
  return lines;
}

// --- What belongs together ----------------------------------------------------------------------------------------------

// Each request with its answer: {method, query, websocket, posted, status, headers, body, frames}.
function readExchanges(records) {
  const exchanges = new Map();
  for (const { kind, exchange, ...fields } of records) {
    if (kind === 'request') {
      const url = new URL(fields.target, 'http://localhost');
      exchanges.set(exchange, { ...fields, path: url.pathname, query: Object.fromEntries(url.searchParams), firstDown: null });
      continue;
    }
    const known = exchanges.get(exchange);
    if (kind === 'answer') Object.assign(known, { status: fields.status, headers: fields.headers });
    if (kind === 'body') known.body = fields.body.toString();
    if (kind === 'down' && fields.opcode === kText) known.firstDown ??= fields.body.toString();
  }
  return exchanges;
}

// Finds, or opens, the session of an exchange.
function sessionOf(exchange, sessions) {
  const opening = exchange.websocket ? exchange.firstDown : exchange.body;
  const { sid } = exchange.query;
  if (sid === undefined && exchange.status < 300 && opening?.startsWith('0{')) {
    const opened = parsed(opening.split(kSeparator)[0].slice(1));
    exchange.session = { sid: opened.sid, answers: new Set(), up: [], down: [], probes: [] };
    sessions.push(exchange.session);
  } else if (sid !== undefined) {
    exchange.session = sessions.find(session => session.sid === sid);
    exchange.probe = exchange.websocket;
  }
}

// Goes through the records once more, now that each exchange has its session, and fills the streams.
function replay(records, exchanges, sessions, loose) {
  for (const { kind, exchange: id, ...fields } of records) {
    const exchange = exchanges.get(id);
    const session = exchange?.session;
    // How much of a body goes by that is refused before its end is an accident.
    if (kind === 'posted' && session && ![408, 413].includes(exchange.status)) session.up.push(...packetsOf(fields.body.toString()));
    if (kind === 'answer' && exchange.status === 101) addAnswer(exchange, session, loose);
    if (kind === 'body') {
      addAnswer(exchange, session, loose);
      if (session && exchange.method === 'GET' && exchange.status === 200) {
        session.down.push(...packetsOf(exchange.body).filter(({ packet }) => packet !== '6'));
      }
    }
    if ((kind === 'up' || kind === 'down') && session) addMessage(kind, exchange, session, fields);
  }
}

function addAnswer({ method, query, websocket, status, headers, body, target }, session, loose) {
  const answer = { method, transport: query.transport, ...(websocket ? { websocket } : {}), status, headers };
  if (method === 'POST' || status !== 200) if (body) answer.body = body;
  if (session) session.answers.add(JSON.stringify({ ...answer, first: query.sid === undefined }));
  else loose.push({ target: withoutNoise(target), ...answer });
}

function addMessage(direction, exchange, session, { opcode, body }) {
  const message = messageOf(opcode, body);
  // Likewise of a message that is too large, and whether the client still gets to say that it saw the server's close.
  if (direction === 'up' && (exchange.closedByServer || body.length > kMaxPayloadBytes)) return;
  if (direction === 'down' && message.frame === 'close') exchange.closedByServer = true;
  if (exchange.probe && !exchange.upgraded) {
    exchange.streams ??= session.probes[session.probes.push({ up: [], down: [] }) - 1];
    exchange.streams[direction].push(message);
    if (direction === 'up' && message.packet === '5') exchange.upgraded = true;
  } else {
    session[direction].push(message);
  }
}

const packetsOf = body => body.split(kSeparator).map(packet => ({ packet }));

function messageOf(opcode, body) {
  if (opcode === kText) return { packet: body.toString() };
  if (opcode === 2) return { binary: body.toString('hex') };
  if (opcode !== 8 || body.length < 2) return { frame: kNames[opcode] ?? opcode };
  return { frame: 'close', code: body.readUInt16BE(0), reason: body.toString('utf8', 2) };
}

// Of a request's target: the client's cache breaker, and an id that no session has.
const withoutNoise = target => target.replace(/([?&])t=[^&]*&?/, '$1').replace(/[?&]$/, '');

// A server may say what is no JSON, which is then compared as it is.
function parsed(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

// --- Ids -----------------------------------------------------------------------------------------------------------------

const kConnect = /^40(\/[^,]*,)?(\{.*\})$/s;
const kEvent = /^4(?:2|5\d+-)(\/[^,]*,)?\d*(\[.*\])$/s;

class Labels {
  #ids = new Map(); // sid or pid -> label
  #offsets = new Set(); // one server counts a namespace's events, the other a session's
  #engineSids = 0;
  #counts = {};

  // Labels what the session's server handed out: in the order of sessions, so by no accident of timing.
  learn({ sid, down }) {
    this.#engineSids += 1;
    if (sid) this.#ids.set(sid, `<engine sid ${this.#engineSids}>`);
    const pids = new Map();
    for (const { packet = '' } of down) {
      const [, nsp = '/', text] = packet.match(kConnect) ?? [];
      if (text === undefined) continue;
      const connected = parsed(text);
      this.#label(connected.sid, 'sid');
      if (connected.pid === undefined) continue;
      this.#label(connected.pid, 'pid');
      pids.set(nsp, connected.pid);
    }
    if (pids.size === 0) return;
    for (const { packet = '' } of down) {
      const [, nsp = '/', text] = packet.match(kEvent) ?? [];
      if (text === undefined || !pids.has(nsp)) continue;
      const last = parsed(text).at?.(-1);
      if (typeof last === 'string') this.#offsets.add(last);
    }
  }
  #label(id, kind) {
    if (!id || this.#ids.has(id)) return;
    this.#counts[kind] = (this.#counts[kind] ?? 0) + 1;
    this.#ids.set(id, `<${kind} ${this.#counts[kind]}>`);
  }

  apply(line) {
    let text = JSON.stringify(line);
    for (const [id, label] of this.#ids) text = text.replaceAll(id, label);
    // Offsets may be short: only where they are a whole string, inside a packet (where quotes are escaped) or a log.
    for (const offset of this.#offsets) {
      const inner = JSON.stringify(offset);
      const outer = JSON.stringify(inner).slice(1, -1);
      text = text.replaceAll(outer, '\\"<offset>\\"').replaceAll(inner, '"<offset>"');
    }
    return text;
  }
}

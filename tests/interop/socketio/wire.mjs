// Engine.IO by hand, for what no client does: single HTTP requests and plain WebSockets.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import WebSocket from 'ws';

const kSeparator = '\x1e';
const kPatience_ms = Number(process.env.SCRIM_PATIENCE_MS ?? 20_000);

/// Fails, with what was waited for, after a time that no machine needs.
export function within(promise, what, patience_ms = kPatience_ms) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), patience_ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/// Values that arrive, to be taken in their order by whoever waits.
export class Queue {
  #values = [];
  #waiting = [];

  push(value) {
    const resolve = this.#waiting.shift();
    if (resolve) resolve(value);
    else this.#values.push(value);
  }

  next(what) {
    if (this.#values.length > 0) return Promise.resolve(this.#values.shift());
    return within(new Promise(resolve => this.#waiting.push(resolve)), what);
  }
}

/// One side of the wire: `origin` is http://HOST:PORT, `path` Socket.IO's.
export class Wire {
  #origin;
  #path;
  #sockets = [];
  #agents = [];

  constructor(origin, path = '/socket.io/') {
    this.#origin = origin;
    this.#path = path;
  }

  /// An HTTP request that has been sent: {answer: promise of {status, headers, body}, request}. `query` is the target's,
  /// without ?. `chunks`: body in chunked encoding. `unfinished`: the body goes on later, through `request`.
  send(method, query, { body, chunks, headers = {}, agent, unfinished } = {}) {
    const sent = request(`${this.#origin}${this.#path}?${query}`, { method, headers, agent: agent ?? false });
    const answer = new Promise((resolve, reject) => {
      sent.on('error', reject);
      sent.on('response', async response => {
        const parts = [];
        try {
          for await (const part of response) parts.push(part);
        } catch (error) {
          return reject(error);
        }
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts).toString() });
      });
    });
    sent.setNoDelay(true);
    if (chunks) chunks.forEach(chunk => sent.write(chunk));
    if (unfinished) sent.flushHeaders();
    if (unfinished && body) sent.write(body);
    else if (!unfinished) sent.end(body);
    const patient = within(answer, `the answer to ${method} ?${query}`);
    patient.catch(() => {}); // where nobody waits for it
    return { answer: patient, request: sent };
  }

  get(query, options) {
    return this.send('GET', query, options).answer;
  }

  post(query, body, options = {}) {
    return this.send('POST', query, { body, headers: { 'content-type': 'text/plain;charset=UTF-8' }, ...options }).answer;
  }

  /// Connections that stay open between requests.
  agent() {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    this.#agents.push(agent);
    return agent;
  }

  /// Two requests there and back: what was sent before has been read by then.
  async roundTrip() {
    for (let i = 0; i < 2; i++) await this.get('EIO=4&transport=nothing');
  }

  /// A polling session: {sid, query, opened}.
  async open(agent) {
    const { body } = await this.get('EIO=4&transport=polling', { agent });
    const opened = JSON.parse(body.slice(1));
    return { sid: opened.sid, query: `EIO=4&transport=polling&sid=${opened.sid}`, opened };
  }

  /// A WebSocket: `next()` gives what arrives, in order: text, a Buffer, or {closed: code}. Heartbeats too.
  webSocket(query, { headers = {} } = {}) {
    const socket = new WebSocket(`${this.#origin.replace('http', 'ws')}${this.#path}?${query}`, { perMessageDeflate: false, headers });
    const queue = new Queue();
    socket.on('message', (data, isBinary) => queue.push(isBinary ? data : data.toString()));
    socket.on('close', code => queue.push({ closed: code }));
    socket.on('error', () => {});
    const refused = new Promise(resolve => {
      socket.on('unexpected-response', async (sent, response) => {
        const parts = [];
        response.on('error', () => {});
        response.on('data', part => parts.push(part));
        await once(response, 'close');
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts).toString() });
      });
    });
    const opened = within(new Promise(resolve => socket.on('open', () => resolve())), 'a WebSocket to open');
    opened.catch(() => {}); // where nobody waits for it
    this.#sockets.push(socket);
    return {
      socket,
      opened,
      refused,
      next: () => queue.next('a WebSocket message'),
      send: data => socket.send(data),
      close: async () => {
        if (socket.readyState === WebSocket.CLOSED) return;
        socket.close();
        await within(new Promise(resolve => socket.on('close', resolve)), 'a WebSocket to close');
      },
    };
  }

  /// Closes what is left open.
  async end() {
    this.#agents.forEach(agent => agent.destroy());
    for (const socket of this.#sockets) {
      if (socket.readyState === WebSocket.CLOSED) continue;
      const closed = new Promise(resolve => socket.on('close', resolve));
      socket.terminate();
      await closed;
    }
  }
}

export const packetsOf = body => body.split(kSeparator);
export const bodyOf = (...packets) => packets.join(kSeparator);
export const assertStatus = ({ status, body }, expected) => assert.equal(status, expected, body);

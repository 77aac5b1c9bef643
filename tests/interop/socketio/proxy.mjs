// A TCP proxy between clients and a server that records what both say: HTTP requests and answers, WebSocket messages. It
// changes no byte and ends a connection the way its other end did.
//
// A record is one of, in the order in which they went by:
//   {connection, kind: "request", exchange, method, target, websocket}
//   {connection, kind: "posted", exchange, body}                       the request's body, once it is whole
//   {connection, kind: "answer", exchange, status, headers}            headers: those of kHeaders
//   {connection, kind: "body", exchange, body}                         the answer's body, decoded
//   {connection, kind: "up" | "down", exchange, opcode, body}          a WebSocket message, from the client or the server
//   {connection, kind: "end", exchanges}                               the connection's end, and what it was in the middle of
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { HttpStream, frameReader } from './http_stream.mjs';

/// The headers of an answer that are kept and so compared. Left out is what says nothing about the protocol: dates, lengths,
/// compression, how long a connection may idle.
export const kHeaders = [
  'content-type',
  'cache-control',
  'vary',
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-expose-headers',
  'access-control-max-age',
  'sec-websocket-protocol',
  'sec-websocket-extensions',
  'set-cookie',
  'location',
  'x-xss-protection',
];

export class Proxy {
  records = [];
  #upstreamPort;
  #server;
  #pairs = new Set();
  #connections = 0;
  #exchanges = 0;
  #open = new Set(); // exchanges that have no whole answer, and WebSockets
  #changed = () => {};

  constructor(upstreamPort) {
    this.#upstreamPort = upstreamPort;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, client => this.#accept(client));
  }

  async listen() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = this.#server.address().port;
    return this;
  }

  /// Resolves when nothing is under way any more, or after `deadline_ms`: whether it is so.
  async settled(deadline_ms) {
    if (this.#open.size === 0) return true;
    return new Promise(resolve => {
      const timer = setTimeout(() => resolve(false), deadline_ms);
      this.#changed = () => {
        if (this.#open.size > 0) return;
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  close() {
    for (const socket of this.#pairs) socket.destroy();
    this.#server.close();
  }

  #accept(client) {
    const connection = ++this.#connections;
    const upstream = connect({ port: this.#upstreamPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const requests = []; // those without a whole answer, oldest first
    const record = (kind, fields) => this.records.push({ connection, kind, ...fields });
    const finish = exchange => {
      this.#open.delete(exchange);
      this.#changed();
    };

    let posted = null;
    const up = new HttpStream(
      ({ start: [method, target], headers }) => {
        posted = ++this.#exchanges;
        const websocket = /websocket/i.test(headers.upgrade ?? '');
        requests.push({ exchange: posted, method });
        this.#open.add(posted);
        record('request', { exchange: posted, method, target, websocket });
      },
      body => {
        if (body.length > 0) record('posted', { exchange: posted, body });
      },
    );
    const down = new HttpStream(
      ({ start: [, status], headers }) => {
        const { exchange, method } = requests[0];
        const kept = Object.fromEntries(kHeaders.filter(name => name in headers).map(name => [name, headers[name]]));
        record('answer', { exchange, status: Number(status), headers: kept });
        if (status === '101') {
          const to = kind => frameReader((opcode, body) => record(kind, { exchange, opcode, body }));
          up.upgrade(to('up'));
          down.upgrade(to('down'));
        }
        return { bodyless: method === 'HEAD' || status === '204' || status === '304' };
      },
      body => {
        const { exchange } = requests.shift();
        record('body', { exchange, body });
        finish(exchange);
      },
    );

    let ended = false;
    const end = () => {
      if (ended) return;
      ended = true;
      record('end', { exchanges: requests.map(({ exchange }) => exchange) });
      requests.forEach(({ exchange }) => finish(exchange));
    };
    this.#join(client, upstream, up, end);
    this.#join(upstream, client, down, end);
  }

  // What arrives at `from` goes on to `to`, read by `stream`.
  #join(from, to, stream, end) {
    this.#pairs.add(from);
    from.on('data', bytes => {
      stream.push(bytes);
      to.write(bytes);
    });
    from.on('end', () => {
      stream.end();
      to.end();
    });
    from.on('error', () => {}); // followed by 'close'
    from.on('close', hadError => {
      this.#pairs.delete(from);
      if (hadError) to.resetAndDestroy();
      else if (!to.writableEnded) to.end();
      if (hadError || to.destroyed) end();
    });
  }
}

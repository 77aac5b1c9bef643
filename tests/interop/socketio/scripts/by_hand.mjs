// What scripts that drive the wire by hand have in common. They log in the name of "wire".
import { bodyOf } from '../wire.mjs';

export const kPolling = 'EIO=4&transport=polling';
export const kWebSocket = 'EIO=4&transport=websocket';

/// An answer as it is logged; its headers are in the transcript.
export const seen = ({ status, headers, body }) => ({ status, type: headers['content-type'] ?? null, body });

/// A script's run(hand): {wire, log(...values), get(query), park(query), post(query, body), context, nsp}: every answer is
/// logged; that of a GET which is parked in a name of its own, since it comes at the same time as others.
export function byHand(body) {
  return async context => {
    const wire = context.wire();
    const log = (...values) => context.log('wire', ...values);
    const logged = async (what, answer) => {
      const got = await answer;
      log(what, seen(got));
      return got;
    };
    const get = (query, options) => logged('GET', wire.get(query, options));
    const post = (query, text, options) => logged('POST', wire.post(query, text, options));
    const park = async query => {
      const sent = wire.get(query).then(answer => context.log('parked', seen(answer)));
      await wire.roundTrip();
      return { answered: sent };
    };
    await body({ wire, log, get, park, post, logged, context, nsp: context.nsp });
  };
}

/// A polling session that has joined `nsp` and taken what it is greeted with.
export async function joined(wire, nsp = '/') {
  const session = await wire.open();
  await wire.post(session.query, nsp === '/' ? '40' : `40${nsp},`);
  await wire.get(session.query);
  return session;
}

/// The same over a WebSocket.
export async function joinedSocket(wire, nsp = '/') {
  const socket = wire.webSocket(kWebSocket);
  await socket.next();
  socket.send(nsp === '/' ? '40' : `40${nsp},`);
  await socket.next();
  await socket.next();
  return socket;
}

/// What a WebSocket gets until it is closed, logged. Binary in hex.
export async function logUntilClosed(socket, log, name = 'WebSocket') {
  for (;;) {
    const got = await socket.next();
    log(name, plain(got));
    if (got.closed !== undefined) return;
  }
}

export const plain = got => (Buffer.isBuffer(got) ? { bytes: got.toString('hex') } : got);

/// Logs the next `count` of a WebSocket.
export async function logNext(socket, log, count = 1, name = 'WebSocket') {
  for (let i = 0; i < count; i++) log(name, plain(await socket.next()));
}

/// Does `act`, which ends one session in `nsp`; somebody who watches logs why the server says that it ended.
export async function withReason({ context, nsp }, act) {
  const watcher = await context.connect('watcher', { version: '4.8', transport: 'websocket', nsp });
  await watcher.ask('join', 'watchers');
  await act();
  await watcher.next('left');
  await watcher.ask('leave', 'watchers');
}

/// Waits for a condition that nobody announces.
export async function until(condition, pause_ms = 20) {
  while (!(await condition())) await new Promise(resolve => setTimeout(resolve, pause_ms));
}

export const pause = duration_ms => new Promise(resolve => setTimeout(resolve, duration_ms));
export { bodyOf };

// The official Socket.IO server with the handlers of README.md, "The handlers". A server in C++ does the same, word for
// word: whoever changes a handler here changes it there.
//
//   node reference_server.mjs PORT [--FLAG VALUE ...]     flags: options.mjs
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { officialOptions, parseArguments, serve } from './options.mjs';

const values = parseArguments(process.argv.slice(2));
const httpServer = createServer((_, response) => response.writeHead(404).end());
const io = new Server(httpServer, {
  ...officialOptions(values),
  allowRequest: ({ url }, decide) => (new URL(url, 'http://localhost').searchParams.has('forbidden') ? decide('not for you', false) : decide(null, true)),
});

// Of rooms, without the one that every socket has to itself; in the order of their names.
const namedRooms = (rooms, id) => [...rooms].filter(room => room !== id).sort();
// By their JSON: answers arrive in any order.
const inOrder = values => values.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

function greet(socket) {
  if (socket.recovered) socket.emit('recovered', socket.data, namedRooms(socket.rooms, socket.id), { end: true });
  else socket.emit('auth', socket.handshake.auth);
}

// What `send` emits with: {to: [room], except: [room], from: "server" | "others" | "self", volatile, local, compress, timeout_ms}.
function operator(socket, spec) {
  let target = { server: socket.nsp, self: socket, others: socket.broadcast }[spec.from ?? 'others'];
  if (spec.to) target = target.to(spec.to);
  if (spec.except) target = target.except(spec.except);
  if (spec.volatile) target = target.volatile;
  if (spec.local) target = target.local;
  if ('compress' in spec) target = target.compress(spec.compress);
  if ('timeout_ms' in spec) target = target.timeout(spec.timeout_ms);
  return target;
}

function handle(socket) {
  const { nsp } = socket;
  greet(socket);

  socket.on('message', (...args) => socket.emit('message-back', ...args));
  socket.on('message-with-ack', (...args) => {
    const ack = args.pop();
    if (typeof ack === 'function') ack(...args);
  });
  socket.on('name', (name, ack) => {
    socket.data.name = name;
    ack();
  });
  socket.on('join', (room, ack) => {
    socket.join(room);
    ack(namedRooms(socket.rooms, socket.id));
  });
  socket.on('leave', (room, ack) => {
    socket.leave(room);
    ack(namedRooms(socket.rooms, socket.id));
  });
  socket.on('send', (spec, event, args, ack) => {
    if (!('timeout_ms' in spec)) {
      operator(socket, spec).emit(event, ...args);
      ack?.();
      return;
    }
    operator(socket, spec).emit(event, ...args, (error, answers) => {
      ack(error ? 'timeout' : 'ok', inOrder([].concat(answers ?? [])));
    });
  });
  socket.on('fetch', async (room, ack) => {
    const sockets = await (room === null ? nsp : nsp.in(room)).fetchSockets();
    ack(inOrder(sockets.map(other => ({ name: other.data.name ?? null, rooms: namedRooms(other.rooms, other.id) }))));
  });
  socket.on('sockets_join', (room, other, ack) => {
    nsp.in(room).socketsJoin(other);
    ack();
  });
  socket.on('sockets_leave', (room, other, ack) => {
    nsp.in(room).socketsLeave(other);
    ack();
  });
  socket.on('disconnect_sockets', (room, close, ack) => {
    nsp.in(room).disconnectSockets(close);
    ack();
  });
  socket.on('kick', close => socket.disconnect(close));
  let attempts = 0;
  socket.on('third_time', (value, ack) => {
    attempts += 1;
    if (attempts === 3) ack(value);
  });

  let rooms = [];
  socket.on('disconnecting', () => {
    rooms = namedRooms(socket.rooms, socket.id);
  });
  socket.on('disconnect', reason => nsp.to('watchers').emit('left', socket.data.name ?? null, reason, rooms));
}

io.on('connection', handle);
io.of(/^\/run-[a-z0-9._-]+$/).on('connection', handle);
io.of('/custom').on('connection', greet);

io.of('/guarded').use((socket, next) => {
  const { token, user } = socket.handshake.auth;
  if (token === undefined) return next(new Error('no token'));
  if (token !== 'secret') return next(Object.assign(new Error('not authorized'), { data: { code: 'E_TOKEN', token } }));
  socket.data.name = user;
  next();
});
io.of('/guarded').on('connection', socket => {
  greet(socket);
  socket.on('whoami', ack => ack(socket.data));
});

io.of('/checked').on('connection', socket => {
  greet(socket);
  socket.use(([event, ...args], next) => {
    if (event !== 'forbidden') return next();
    const ack = args.at(-1);
    if (typeof ack === 'function') ack({ error: 'forbidden event' });
    next(new Error('forbidden event'));
  });
  socket.on('error', error => socket.emit('packet_error', error.message));
  socket.on('message', (...args) => socket.emit('message-back', ...args));
  socket.on('forbidden', () => socket.emit('message-back', 'forbidden was let through'));
});

serve(httpServer, values.port, done => io.close(done));

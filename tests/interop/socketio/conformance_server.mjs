// The server of the public protocol suites, with the official packages: Engine.IO that echoes at /engine.io/, Socket.IO at
// /socket.io/. What protocol_cases.test.mjs checks itself against.
//
//   node conformance_server.mjs PORT [--FLAG VALUE ...]     flags: options.mjs
import { createServer } from 'node:http';
import { Server as EngineServer } from 'engine.io';
import { Server } from 'socket.io';
import { officialOptions, parseArguments, serve } from './options.mjs';

const values = parseArguments(process.argv.slice(2));
const httpServer = createServer((_, response) => response.writeHead(404).end());

const engine = new EngineServer(officialOptions(values));
engine.attach(httpServer, { path: '/engine.io', destroyUpgrade: false });
engine.on('connection', session => session.on('message', data => session.send(data)));

const io = new Server(httpServer, { ...officialOptions(values), destroyUpgrade: false });
io.on('connection', socket => {
  socket.emit('auth', socket.handshake.auth);
  socket.on('message', (...args) => socket.emit('message-back', ...args));
  socket.on('message-with-ack', (...args) => {
    const ack = args.pop();
    if (typeof ack === 'function') ack(...args);
  });
});
io.of('/custom').on('connection', socket => socket.emit('auth', socket.handshake.auth));

serve(httpServer, values.port, done => {
  engine.close();
  io.close(done);
});

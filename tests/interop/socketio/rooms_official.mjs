// What tests/bench/socketio/rooms_server.cpp does, with the official server: node rooms_official.mjs BYTES HZ
// It stands here, where the official server is installed.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const [bytes, hz] = process.argv.slice(2).map(Number);
const http = createServer();
const io = new Server(http, { perMessageDeflate: false });
const rooms = new Set();
let clients = 0;
io.on('connection', socket => {
  const room = `r${clients++ >> 4}`;
  socket.join(room);
  rooms.add(room);
  socket.on('input', () => {});
});
setInterval(() => rooms.forEach(room => io.to(room).volatile.emit('snapshot', Buffer.alloc(bytes, 7))), 1000 / hz);
http.listen(0, '127.0.0.1', () => console.log(`listening on ws://127.0.0.1:${http.address().port}`));

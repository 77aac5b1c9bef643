// 200 official clients at once, of three versions, half of them by polling: each is answered what it asked, hears all that
// is said in its room, once and in order, and none of them is lost.
import assert from 'node:assert/strict';
import test from 'node:test';
import { kVersions } from './clients.mjs';
import { kServers } from './scripts/table.mjs';
import { startServer } from './server_process.mjs';
import { within } from './wire.mjs';

const kClients = 200;
const kRooms = 10;
const kAsks = 10;
const versions = Object.values(kVersions);

class Member {
  heard = [];

  constructor(port, number) {
    this.number = number;
    this.transport = number % 2 === 0 ? 'polling' : 'websocket';
    this.socket = versions[number % versions.length](`http://127.0.0.1:${port}`, {
      transports: [this.transport],
      forceNew: true,
      reconnection: false,
    });
    this.socket.on('said', text => this.heard.push(text));
    this.socket.on('disconnect', reason => (this.lost = reason));
  }
  joined() {
    return within(
      new Promise((resolve, reject) => {
        this.socket.on('connect', resolve);
        this.socket.on('connect_error', reject);
      }),
      `client ${this.number} to connect`,
    );
  }
  ask(event, ...args) {
    return within(new Promise(resolve => this.socket.emit(event, ...args, resolve)), `${event} of client ${this.number}`);
  }
}

const settled = async (what, condition) => {
  for (let i = 0; i < 200 && !condition(); ++i) await new Promise(resolve => setTimeout(resolve, 50));
  assert.ok(condition(), what);
};

test('200 clients at once, half of them by polling', async t => {
  const server = await startServer(process.env.SCRIM_SOCKETIO_SERVER, kServers.calm);
  const members = Array.from({ length: kClients }, (_, number) => new Member(server.port, number));
  t.after(async () => {
    members.forEach(member => member.socket.close());
    await server.stop();
  });
  await Promise.all(members.map(member => member.joined()));

  await t.test('each is answered what it asked', async () => {
    const asked = members.map(async member => {
      await member.ask('join', [`room${member.number % kRooms}`]);
      for (let i = 0; i < kAsks; ++i)
        assert.equal(await member.ask('message-with-ack', `${member.number}:${i}`), `${member.number}:${i}`);
    });
    await Promise.all(asked);
  });

  await t.test('each hears all of its room, once and in order', async () => {
    for (let i = 0; i < kAsks; ++i)
      await Promise.all(
        members.slice(0, kRooms).map((member, room) => member.ask('send', { to: [`room${room}`], from: 'server' }, 'said', [`${room}:${i}`])),
      );
    const expected = member => Array.from({ length: kAsks }, (_, i) => `${member.number % kRooms}:${i}`);
    await settled('all hear of it', () => members.every(member => member.heard.length >= kAsks));
    for (const member of members) assert.deepEqual(member.heard, expected(member), `client ${member.number}`);
  });

  await t.test('none is lost, and none has changed its transport', () => {
    for (const member of members) {
      assert.equal(member.lost, undefined, `client ${member.number}`);
      assert.equal(member.socket.io.engine.transport.name, member.transport);
    }
  });
});

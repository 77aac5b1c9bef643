// What a server says to clients that are wrong, lost or hostile, over plain WebSocket and HTTP. After each of them
// somebody else must still be served.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { arena, netcode } from './schemas.mjs';
import { startServer } from './server.mjs';
import { Visitor, bytesOf, join } from './visitor.mjs';

const { Ack, Action, Event, Snapshot, Welcome } = netcode.Body;
const kReasonBytesMax = 123; // of a close frame
let server;
let bystander;

before(async () => {
  // Several shards: what one address' matches may take is a share of them all, and a build with sanitizers is slow.
  server = await startServer('--bots', '2', '--threads', '4');
  bystander = await join(`${server.url}/match/quiet?name=bystander`);
});
afterEach(async () => {
  bystander.forget();
  await bystander.next(Snapshot);
});
after(() => server?.stop());

// Who is let in instead waits for nothing.
function endOf(visitor) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('it was not closed within 20 s')), 20_000);
  });
  return Promise.race([visitor.ended, late]).finally(() => clearTimeout(timer));
}

// The visitor is shown the door: closed with this code and a reason that a person can read.
async function isClosed(visitor, code, reason) {
  const end = await endOf(visitor);
  assert.equal(end.code, code, JSON.stringify(end));
  assert.match(end.reason, reason);
  assert.ok(Buffer.byteLength(end.reason) <= kReasonBytesMax);
}

// There is no WebSocket: an HTTP answer says why.
async function isTurnedDown(visitor, status, text) {
  const end = await endOf(visitor);
  assert.equal(end.status, status, JSON.stringify(end));
  assert.match(end.text, text);
}

// The event is refused, and the session goes on.
async function isRefused(visitor, id, reason) {
  const ack = await visitor.next(Ack);
  assert.equal(ack.id, id);
  assert.match(ack.error, reason);
  await visitor.next(Snapshot);
}

const visit = (path, subprotocols) => new Visitor(server.url + path, subprotocols);
const joinMatch = (query = '') => join(`${server.url}/match/crowd?name=visitor${query}`);
const action = (overrides = {}) =>
  Object.assign(new netcode.ActionT(0, 0, 0, 0, bytesOf(new arena.MoveT(127, 0, 0, false))), overrides);

describe('the door', { timeout: 60_000 }, () => {
  test('lets in who names no subprotocol', async () => {
    const visitor = await join(`${server.url}/match/crowd?name=plain`, []);
    assert.equal(visitor.welcome.protocol, 1);
    assert.equal(visitor.welcome.match, 'crowd');
    await visitor.next(Snapshot);
    await visitor.leave();
  });

  test('wants a name', async () => {
    await isClosed(visit('/match/crowd'), 4000, /a name, please/);
    await isClosed(visit('/match/crowd?name='), 4000, /a name, please/);
  });
  test('refuses a name of 10 kB, with the whole head of the request', () =>
    isTurnedDown(visit(`/match/crowd?name=${'n'.repeat(10_000)}`), 431, /at most 8192 bytes/));
  test('refuses a URL of 5 kB', () =>
    isTurnedDown(visit(`/match/crowd?name=${'n'.repeat(5_000)}`), 400, /URL of \d+ bytes: at most 4096/));
  test('refuses a name of 1 kB', () =>
    isClosed(visit(`/match/crowd?name=${'n'.repeat(1_000)}`), 4000, /a name of 1000 bytes, 32 is the limit/));
  test('refuses a name that is not UTF-8', () => isTurnedDown(visit('/match/crowd?name=%ff%fe'), 400, /UTF-8/));
  test('refuses a name with control characters', () =>
    isTurnedDown(visit('/match/crowd?name=a%00b'), 400, /control characters/));

  test('knows no other path', () => isTurnedDown(visit('/nowhere?name=n'), 404, /nothing is here/));
  test('refuses a match id with a space', () => isClosed(visit('/match/a%20b?name=n'), 4000, /a match id is 1 to 32/));
  test('refuses an empty match id', () => isClosed(visit('/match/?name=n'), 4000, /a match id is 1 to 32/));
  test('names both versions to who speaks another', () =>
    isTurnedDown(visit('/match/crowd?name=n', ['scrim.v9']), 400, /speaks scrim\.v1, .* offered scrim\.v9/));
  test('takes a client of another schema, which may read the World all the same', async () => {
    const visitor = await join(`${server.url}/match/crowd?name=n&schema=0123`);
    await visitor.next(Snapshot);
    assert.notEqual(visitor.welcome.unpacks, 0n);
    const { unpacks } = visitor.welcome;
    const same = await join(`${server.url}/match/crowd?name=m&schema=0123&unpacks=${unpacks.toString(16)}`);
    await same.leave();
    await visitor.leave();
  });
  test('refuses a client that would misread the World, and names both layouts', () =>
    isClosed(
      visit('/match/crowd?name=n&schema=0123&unpacks=4567'),
      4000,
      /^arena: its World is [0-9a-f]{16}, yours 0000000000004567: another version of the game$/,
    ));
  test('lets in who shows what this server does not ask for', async () => {
    const shown = Buffer.from(bytesOf(new arena.ChatT(0, 'sesame'))).toString('base64url');
    const visitor = await join(`${server.url}/match/crowd?name=n`, ['scrim.v1', `scrim.auth.arena.Chat.${shown}`]);
    await visitor.next(Snapshot);
    await visitor.leave();
  });
  test('refuses who shows what is no table of the game', async () => {
    const showing = offer => visit('/match/crowd?name=n', ['scrim.v1', `scrim.auth.${offer}`]);
    await isClosed(showing('arena.Chat.!'), 4000, /auth: no base64url/);
    await isClosed(showing('arena.Chat.AAAA'), 4000, /^auth: /);
    await isClosed(showing('arena.Nothing.AAAA'), 4000, /auth: no table here is called arena\.Nothing/);
    await isClosed(showing(`arena.Chat.${'A'.repeat(2_800)}`), 4000, /2048 bytes are the limit/);
  });
  test('repeats nothing of what was shown to who speaks another', () =>
    isTurnedDown(visit('/match/crowd?name=n', ['scrim.auth.arena.Chat.AAAA']), 400, /scrim\.v1, .* offered none/));
  test('refuses a kind of match that there is none of', () =>
    isClosed(visit('/quick/chess?name=n'), 4000, /no kind of match is called chess/));
  test('answers plain HTTP', async () => {
    const response = await fetch(`${server.url.replace('ws', 'http')}/match/crowd?name=n`);
    assert.equal(response.status, 426);
    assert.match(await response.text(), /scrim\.v1/);
  });

  test('does not know a token that it never gave', () =>
    isClosed(visit(`/match/crowd?name=n&token=${'0'.repeat(32)}`), 4000, /this session is over/));
  test('does not know the token of who has left', async () => {
    const visitor = await joinMatch();
    await visitor.leave();
    // The close frame that ends a session is answered before it has ended: until then its token is good.
    for (let left = 100; ; --left) {
      const back = visit(`/match/crowd?name=n&token=${visitor.welcome.token}`);
      const isIn = await back.next(Welcome).then(() => true, () => false);
      if (!isIn) return isClosed(back, 4000, /this session is over/);
      assert.ok(left > 0, 'it is let in again and again');
      await back.leave();
    }
  });

  test('refuses the seventeenth player, until one leaves', async () => {
    const path = i => `${server.url}/match/full?name=player${i}`;
    const players = await Promise.all(Array.from({ length: 16 }, (_, i) => join(path(i))));
    await isClosed(new Visitor(path(17)), 4000, /match full is full: 16 players/);
    await players.pop().leave();
    // The close frame that ends his session is answered before the seat is free.
    const seat = async left => join(path(18)).catch(why => {
      if (left === 0 || !/is full/.test(why.message)) throw why;
      return seat(left - 1);
    });
    players.push(await seat(100));
    await Promise.all(players.map(player => player.leave()));
  });

  test('wants the password of a match that has one', async () => {
    const host = await join(`${server.url}/?name=host`);
    host.sendEvent('scrim:create', bytesOf(new netcode.CreateRequestT('arena', 'closed', 'sesame')), 1);
    assert.equal((await host.next(Ack)).error, null);
    await isClosed(visit('/match/closed?name=n'), 4000, /match closed needs a password/);
    await isClosed(visit('/match/closed?name=n&password=simsim'), 4000, /match closed: wrong password/);
    await (await join(`${server.url}/match/closed?name=n&password=sesame`)).leave();
    await host.leave();
  });
});

describe('a message', { timeout: 60_000 }, () => {
  test('of text ends the session', async () => {
    const visitor = await joinMatch();
    visitor.sendRaw('hello');
    await isClosed(visitor, 1003, /binary FlatBuffers/);
  });
  test('that does not verify ends the session', async () => {
    for (const garbage of [Buffer.alloc(0), Buffer.alloc(3), Buffer.alloc(64, 0xff), Buffer.from('{"json":true}')]) {
      const visitor = await joinMatch();
      visitor.sendRaw(garbage);
      await isClosed(visitor, 1007, /not a valid message of scrim\.v1/);
    }
  });
  test('of 10 MB ends the session', async () => {
    const visitor = await joinMatch();
    visitor.sendRaw(Buffer.alloc(10_000_000));
    await isClosed(visitor, 1009, /^/); // Beast's own close: it gives no reason
  });
  test('that only servers send ends the session', async () => {
    const visitor = await joinMatch();
    visitor.send(Welcome, new netcode.WelcomeT(1, 'me', 0n, 'token', false, 0, 'name'));
    await isClosed(visitor, 1002, /only a server sends this/);
  });
  test('may be a packed action, with one before it to go by', async () => {
    const visitor = await joinMatch();
    visitor.sendPacked([1 + 8, 2, ...bytesOf(new arena.MoveT(0, 0, 7))]); // whole, with a sequence one up from 0
    visitor.sendPacked([0]);
    await visitor.next(Snapshot, ({ head }) => head.actionSequence === 2);
    await visitor.leave();
  });
  test('of a packed action that has none before it to go by ends the session', async () => {
    const visitor = await joinMatch();
    visitor.sendPacked([0]);
    await isClosed(visitor, 1007, /none came before over this connection/);
  });
  test('that says to have received what was never sent ends the session', async () => {
    const visitor = await joinMatch();
    visitor.send(netcode.Body.Received, new netcode.ReceivedT(0, 1_000_000));
    await isClosed(visitor, 1002, /never sent/);
  });
  test('that leaves a gap in the sequence ends the session', async () => {
    const visitor = await joinMatch();
    visitor.send(Event, new netcode.EventT(7, 'chat', null, 0, bytesOf(new arena.ChatT(0, 'hello'))));
    await isClosed(visitor, 1002, /message 7 came after message 0/);
  });
});

describe('a session', { timeout: 60_000 }, () => {
  const back = (visitor, path, query = '') => `${server.url}${path}?token=${visitor.welcome.token}${query}`;

  test('goes on over a new connection, in its seat', async () => {
    const lost = await joinMatch();
    const { sequence } = await lost.next(Event);
    lost.cut();
    const found = await join(back(lost, '/match/crowd', `&received=${sequence}`));
    assert.equal(found.welcome.resumed, true);
    assert.equal(found.welcome.player, lost.welcome.player);
    await found.next(Snapshot);
    await found.leave();
  });
  test('has one connection: the older one is closed', async () => {
    const first = await joinMatch();
    const second = await join(back(first, '/match/crowd'));
    await isClosed(first, 4001, /goes on over a newer connection/);
    await second.leave();
  });
  test('is told why it cannot go on', { todo: 'the connection is dropped without a close frame' }, async () => {
    const visitor = await joinMatch();
    await isClosed(new Visitor(back(visitor, '/match/crowd', '&received=1000000')), 4000, /./);
  });
  test('stays in its match when another refuses it', { todo: 'it has left before it is refused' }, async () => {
    const visitor = await joinMatch();
    await isClosed(new Visitor(back(visitor, '/quick/chess')), 4000, /no kind of match is called chess/);
    visitor.forget();
    await visitor.next(Snapshot);
    await visitor.leave();
  });
});

describe('an event', { timeout: 60_000 }, () => {
  let visitor;
  const chat = text => bytesOf(new arena.ChatT(0, text));
  before(async () => (visitor = await joinMatch()));
  after(() => visitor.leave());

  test('of an unknown name is refused', async () => {
    visitor.sendEvent('teleport', chat('x'));
    await isRefused(visitor, 0, /no event is called teleport/);
    visitor.sendEvent('teleport', chat('x'), 41);
    await isRefused(visitor, 41, /no event is called teleport/);
    visitor.sendEvent('scrim:teleport', chat('x'), 42);
    await isRefused(visitor, 42, /no request is called scrim:teleport/);
  });
  test('of a namespace that one is not in is refused', async () => {
    visitor.send(Event, new netcode.EventT(0, 'chat', '/admin', 43, chat('x')));
    await isRefused(visitor, 43, /not in namespace \/admin/);
  });
  test('that only servers send is refused', async () => {
    visitor.sendEvent('kill', bytesOf(new arena.KillT(1, 2)), 44);
    await isRefused(visitor, 44, /nobody here handles kill/);
  });
  test('with the wrong table is refused', async () => {
    for (const body of [bytesOf(new arena.MoveT(127, 127, 65535, true, true, true)), Buffer.alloc(40, 0xee), []]) {
      visitor.sendEvent('chat', body, 45);
      await isRefused(visitor, 45, /^chat: /);
    }
  });
  test('with text that is not UTF-8 is refused', async () => {
    const bytes = Buffer.from(chat('????'));
    bytes.fill(0xff, bytes.indexOf('????'), bytes.indexOf('????') + 4);
    visitor.sendEvent('chat', bytes, 46);
    await isRefused(visitor, 46, /^chat: .*UTF-8/);
  });
  test('that says too much is refused', async () => {
    visitor.sendEvent('chat', chat('x'.repeat(201)), 47);
    await isRefused(visitor, 47, /at most 200 bytes/);
  });
  test('that is right is passed on after all of these', async () => {
    visitor.sendEvent('chat', chat('hello'), 48);
    const said = await visitor.next(Event, event => event.name === 'chat');
    assert.ok(Buffer.from(said.body).includes('hello'));
    assert.equal((await visitor.next(Ack)).error, null);
  });
  test('refused too often ends the session', async () => {
    const pest = await joinMatch();
    for (let i = 0; i < 30; ++i) pest.sendEvent('teleport', chat('x'));
    await isClosed(pest, 1008, /refused too often, at last: no event is called teleport/);
  });
});

describe('an action', { timeout: 60_000 }, () => {
  test('of a spectator is refused', async () => {
    const visitor = await joinMatch('&spectate=1');
    assert.equal(visitor.welcome.player, 0);
    visitor.send(Action, action());
    await isRefused(visitor, 0, /actions are for players/);
    await visitor.leave();
  });
  test('with the wrong table is refused', async () => {
    const visitor = await joinMatch();
    visitor.send(Action, action({ body: Buffer.alloc(40, 0xee) }));
    await isRefused(visitor, 0, /not a valid arena\.Move/);
    await visitor.leave();
  });
  test('for a tick far ahead is refused', async () => {
    const visitor = await joinMatch();
    visitor.send(Action, action({ tick: 4_000_000_000 }));
    await isRefused(visitor, 0, /an action for tick 4000000000, but the match is at \d+/);
    await visitor.leave();
  });
  test('of more than 1 kB ends the session', async () => {
    const visitor = await joinMatch();
    visitor.send(Action, action({ body: Buffer.alloc(2_000) }));
    await isClosed(visitor, 1007, /an action of 2000 bytes, 1024 is the limit/);
  });
  test('too many of them end the session', async () => {
    const visitor = await joinMatch();
    for (let i = 0; i < 5_000; ++i) visitor.send(Action, action());
    await isClosed(visitor, 1008, /too many messages: slow down/);
  });
});

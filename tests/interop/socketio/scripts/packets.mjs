// Socket.IO by hand, over WebSockets: packets that no client makes, and what a server must make of them.
import { bodyOf, byHand, joined, joinedSocket, kWebSocket, logNext, logUntilClosed, plain, withReason } from './by_hand.mjs';

const kTen = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const kPlaceholder = num => `{"_placeholder":true,"num":${num}}`;

const kReserved = ['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener'];

// Packets after which the session is closed, sent by one who has joined NSP: text, and binary as Buffers.
const kBad = {
  'connect error': ['44'],
  'connect error of the namespace': ['44NSP,{"message":"?"}'],
  'unknown type': ['4abc'],
  'type 7': ['47'],
  'no type': ['4'],
  'object as event': ['42NSP,{}'],
  'text as event': ['42NSP,"message"'],
  'number as event': ['42NSP,[true]'],
  'no name': ['42NSP,[]'],
  'bad ack id': ['42abc["message"]'],
  'negative ack id': ['42NSP,-1["message"]'],
  'not JSON': ['42NSP,["message"'],
  'more than JSON': ['42NSP,["message"]]'],
  'object as ack': ['43NSP,1{}'],
  'disconnect with data': ['41NSP,{}'],
  'connect again': ['40NSP,'],
  'connect with a list': ['40/custom,[]'],
  'connect with text': ['40/custom,"token"'],
  'event for a namespace that is not joined': ['42/custom,["message"]'],
  'event for the main namespace that is not joined': ['42["message"]'],
  'disconnect from a namespace that is not joined': ['41/custom,'],
  'no attachments': ['450-NSP,["message"]'],
  'attachments not counted': ['45NSP,["message"]'],
  'attachments counted in words': ['45one-NSP,["message"]'],
  'negative attachments': ['45-1-NSP,["message"]'],
  'half an attachment': [`451.5-NSP,["message",${kPlaceholder(0)}]`],
  'eleven attachments': [`4511-NSP,["message",${Array.from({ length: 11 }, (_, i) => kPlaceholder(i))}]`],
  'placeholder beyond the count': [`451-NSP,["message",${kPlaceholder(1)}]`, Buffer.from([1])],
  'negative placeholder': [`451-NSP,["message",${kPlaceholder(-1)}]`, Buffer.from([1])],
  'placeholder in words': [`451-NSP,["message",${kPlaceholder('"0"')}]`, Buffer.from([1])],
  'placeholder without a number': ['451-NSP,["message",{"_placeholder":true}]', Buffer.from([1])],
  'text between attachments': [`452-NSP,["message",${kPlaceholder(0)},${kPlaceholder(1)}]`, Buffer.from([1]), '42NSP,["message"]'],
  'binary that nobody announced': [Buffer.from([1, 2, 3])],
  'object as binary event': ['451-NSP,{}'],
  'reserved name in a binary event': [`451-NSP,["disconnect",${kPlaceholder(0)}]`, Buffer.from([1])],
  ...Object.fromEntries(kReserved.map(name => [`reserved name ${name}`, [`42NSP,["${name}"]`]])),
};

// The first packet of a connection, wrong. An announcement of attachments is one only once they are there.
const kWrongFirst = ['42["message"]', '41', '43[]', '44', '44{"message":"?"}', '450-["message"]', '40[]', '40"text"', '40{', '40null', '4abc'];

// CONNECTs that are refused; the connection stays.
const kRefused = [
  '40/random',
  '40/random,',
  '40/random,{"token":"abc"}',
  '40/random?token=abc',
  '40/custom?token=abc,',
  '40/guarded',
  '40/guarded,{"token":"wrong"}',
  '40/guarded,{"token":null}',
];

// Packets that are taken, each followed by an echo; what arrives until then is logged.
const kGood = {
  'number as name': ['42[5,"x"]'],
  'name and nothing': ['42["nobody listens"]'],
  'event without data': ['42'],
  'ack that nobody awaits': ['43999[]'],
  'ack without an id': ['43[]'],
  'ack without data': ['43999'],
  'ack that is binary': [`461-999[${kPlaceholder(0)}]`, Buffer.from([1])],
  'large ack id': ['42999999999["message-with-ack",1]'],
  'ack id 0': ['420["message-with-ack",1]'],
  'leading zero in an ack id': ['42007["message-with-ack",1]'],
  'space in JSON': ['42[ "message" ,\t1 ,\r\n{ "a" : [ ] } ]'],
  escapes: ['42["message","\\u00e4\\ud83d\\ude00\\/\\u0000\\"\\\\"]'],
  'escapes in a name': ['42["mess\\u0061ge","\\u007f"]'],
  numbers: ['42["message",1.0,1e3,1e21,1e-7,-0,0.1,5e-324,1.7976931348623157e308]'],
  'numbers that are too large': ['42["message",1E400,-1E400,123456789012345678901234567890,9007199254740993,100000000000000000000]'],
  'numbers in other forms': ['42["message",1.50,10e-1,0.00001,1e5,123e-20,1.5e300,4.35,0.000001,-1e-7]'],
  'duplicate keys': ['42["message",{"a":1,"b":2,"a":3}]'],
  'order of keys': ['42["message",{"b":1,"a":2,"":3}]'],
  'placeholder as data': [`42["message",${kPlaceholder(0)}]`],
  'namespace with a comma that is left out': ['40/custom'],
  'namespace with a comma': ['40/custom,'],
  'slash as a namespace': ['42/,["message",1]'],
  'placeholders out of order': [`452-["message",${kPlaceholder(1)},${kPlaceholder(0)}]`, Buffer.from([1]), Buffer.from([2])],
  'placeholder twice': [`451-["message",${kPlaceholder(0)},${kPlaceholder(0)}]`, Buffer.from([7])],
  'attachment that nobody places': ['451-["message","no placeholder"]', Buffer.from([7])],
  'ten attachments': [`4510-["message",${kTen.map(kPlaceholder)}]`, ...kTen.map(i => Buffer.from([i]))],
  'attachments with leading zero': [`4501-["message",${kPlaceholder(0)}]`, Buffer.from([7])],
  'ack with attachments': [`452-789["message-with-ack",${kPlaceholder(0)},[${kPlaceholder(1)}]]`, Buffer.from([1, 2]), Buffer.alloc(0)],
  'heartbeats between attachments': [`452-["message",${kPlaceholder(0)},${kPlaceholder(1)}]`, '3', Buffer.from([1]), '3', Buffer.from([2]), '3'],
  'lone surrogate': ['42["nobody listens","\\ud800","\\udc00\\ud800x"]'],
  'deep JSON': [`42["message",${'['.repeat(20)}${']'.repeat(20)}]`],
};

const sendAll = (socket, packets, nsp) => packets.forEach(packet => socket.send(typeof packet === 'string' ? packet.replaceAll('NSP', nsp) : packet));

export const scripts = [
  ...Object.entries(kBad).map(([name, packets]) => ({
    name: `bad packet: ${name}`,
    run: byHand(hand =>
      withReason(hand, async () => {
        const socket = await joinedSocket(hand.wire, hand.nsp);
        sendAll(socket, packets, hand.nsp);
        await logUntilClosed(socket, hand.log);
      }),
    ),
  })),
  ...kWrongFirst.map(packet => ({
    name: `wrong first packet: ${packet}`,
    run: byHand(async ({ wire, log }) => {
      const socket = wire.webSocket(kWebSocket);
      await socket.next();
      socket.send(packet);
      await logUntilClosed(socket, log);
    }),
  })),
  ...Object.entries(kGood).map(([name, packets]) => ({
    name: `good packet: ${name}`,
    run: byHand(async ({ wire, log }) => {
      const socket = await joinedSocket(wire);
      sendAll(socket, packets);
      socket.send('42["message-with-ack"]'); // without an id: no ack, and nothing breaks
      socket.send('421000000["message-with-ack","the end"]');
      let got;
      do {
        got = plain(await socket.next());
        log(got);
      } while (got !== '431000000["the end"]');
      await socket.close();
    }),
  })),
  ...['40', '40{}', '40{"token":"123"}', '40/custom', '40/custom,', '40/custom,{}', '40/custom,{"token":"abc","n":1.50}', '40/,'].map(packet => ({
    name: `connect: ${packet}`,
    run: byHand(async ({ wire, log }) => {
      const socket = wire.webSocket(kWebSocket);
      await socket.next();
      socket.send(packet);
      await logNext(socket, log, 2);
      await socket.close();
    }),
  })),
  ...kRefused.map(packet => ({
    name: `connect refused: ${packet}`,
    run: byHand(async ({ wire, log }) => {
      const socket = wire.webSocket(kWebSocket);
      await socket.next();
      socket.send(packet);
      await logNext(socket, log);
      socket.send('40');
      await socket.next();
      await logNext(socket, log);
      await socket.close();
    }),
  })),
  {
    name: 'connect: ids are not those of Engine.IO',
    run: byHand(async ({ wire, log }) => {
      const socket = wire.webSocket(kWebSocket);
      const opened = JSON.parse((await socket.next()).slice(1));
      socket.send('40');
      const main = JSON.parse((await socket.next()).slice(2));
      await socket.next();
      socket.send('40/custom,');
      const custom = JSON.parse((await socket.next()).slice('40/custom,'.length));
      log(Object.keys(main), Object.keys(custom), 'different', new Set([opened.sid, main.sid, custom.sid]).size);
      await socket.close();
    }),
  },
  {
    name: 'leaving a namespace',
    run: byHand(async ({ wire, log }) => {
      const socket = await joinedSocket(wire);
      socket.send('40/custom');
      await logNext(socket, log, 2);
      socket.send('41/custom');
      socket.send('42["message","to the main namespace"]');
      await logNext(socket, log);
      socket.send('41');
      socket.send('40/custom,{"again":true}');
      await logNext(socket, log, 2);
      socket.send('40{"again":true}');
      await logNext(socket, log, 2);
      await socket.close();
    }),
  },
  {
    name: 'server ends the connection',
    run: byHand(hand =>
      withReason(hand, async () => {
        const socket = await joinedSocket(hand.wire, hand.nsp);
        socket.send('40');
        await logNext(socket, hand.log, 2);
        socket.send(`42${hand.nsp},["kick",true]`);
        await logUntilClosed(socket, hand.log);
      }),
    ),
  },
  {
    name: 'server ends the connection: polling',
    run: byHand(hand =>
      withReason(hand, async () => {
        const { query } = await joined(hand.wire, hand.nsp);
        const parked = await hand.park(query);
        await hand.wire.post(query, `42${hand.nsp},["kick",true]`);
        await parked.answered;
        await hand.get(query);
        await hand.get(query);
      }),
    ),
  },
  {
    name: 'server ends the connection: nobody polls',
    run: byHand(hand =>
      withReason(hand, async () => {
        const { query } = await joined(hand.wire, hand.nsp);
        await hand.wire.post(query, `42${hand.nsp},["kick",true]`);
        await hand.get(query);
        await hand.get(query);
      }),
    ),
  },
  {
    name: 'server ends the namespace',
    run: byHand(hand =>
      withReason(hand, async () => {
        const socket = await joinedSocket(hand.wire, hand.nsp);
        socket.send(`42${hand.nsp},["kick",false]`);
        await logNext(socket, hand.log);
        socket.send('40');
        await logNext(socket, hand.log, 2);
        await socket.close();
      }),
    ),
  },
  {
    name: 'volatile: dropped while nobody polls',
    run: byHand(async ({ wire, post, get, nsp, park }) => {
      const { query } = await joined(wire, nsp);
      const send = (spec, value) => `42${nsp},["send",${JSON.stringify({ from: 'self', ...spec })},"news",["${value}"]]`;
      await post(query, bodyOf(send({ volatile: true }, 'dropped'), send({}, 'kept'), send({ volatile: true }, 'dropped too')));
      await get(query);
      const parked = await park(query);
      await wire.post(query, send({ volatile: true }, 'somebody polls'));
      await parked.answered;
    }),
  },
  {
    name: 'acks of the server count per namespace',
    run: byHand(async ({ wire, log, nsp }) => {
      const socket = await joinedSocket(wire, nsp);
      for (let i = 0; i < 3; i++) {
        socket.send(`42${nsp},7["send",{"from":"self","timeout_ms":20000},"vote",[]]`);
        const asked = await socket.next();
        log(asked);
        const id = asked.slice(`42${nsp},`.length).match(/^\d+/)[0];
        socket.send(`43${nsp},${id}["yes"]`);
        socket.send(`43${nsp},${id}["twice"]`);
        await logNext(socket, log);
      }
      await socket.close();
    }),
  },
];

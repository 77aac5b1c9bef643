// Players who chat as fast as they can, beside one who reads nothing for a while: he must find his session again.
import { arena, netcode } from '../../interop/schemas.mjs';
import { Visitor, bytesOf, join } from '../../interop/visitor.mjs';
import { besiege, pause } from './besieged.mjs';

const kLinesPerSecond = 400;
const kEveryMs = 50;

export const chatters = (count, seconds) =>
  besiege(['--bots', '0'], async (url, usage) => {
    const line = bytesOf(new arena.ChatT(0, 'x'.repeat(190)));
    const talkers = [];
    for (let i = 0; i < count - 1; ++i) talkers.push(await join(`${url}/match/crowd?name=talker${i}`));
    const slow = await join(`${url}/match/crowd?name=slow`);
    slow.pause();
    const began = performance.now();
    let peak = 0;
    let lines = 0;
    for (let due = 0; performance.now() - began < seconds * 1_000; await pause(kEveryMs)) {
      for (due += (kLinesPerSecond * kEveryMs) / 1_000; due >= 1; --due)
        for (const talker of talkers) {
          if (talker.isOver) continue;
          talker.sendEvent('chat', line);
          ++lines;
        }
      peak = Math.max(peak, usage().rssMib);
    }
    slow.resume();
    const end = await Promise.race([slow.ended, pause(2_000)]);
    const closedTalkers = talkers.filter(talker => talker.isOver).length;
    await Promise.all([...talkers, slow].map(visitor => visitor.leave()));
    return { lines, rss_mib_peak: peak, slow_reader: end ? `closed ${end.code}` : 'stayed', talkers_closed: closedTalkers };
  });

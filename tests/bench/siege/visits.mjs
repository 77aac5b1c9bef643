// Many visits to one standing match of bots: seats, ids, memory and descriptors come back.
import { join } from '../../interop/visitor.mjs';
import { besiege } from './besieged.mjs';
import { closeFrame, closed, open, repeat, total } from './raw_socket.mjs';

export const visits = times =>
  besiege(['--bots', '8'], async url => {
    const failures = await repeat(times, 8, async () => {
      const socket = await open(url, '/match/arena?name=visitor');
      socket.resume();
      socket.write(closeFrame(1000));
      await closed(socket);
    });
    for (const [reason, count] of failures) console.error(`${count} visits: ${reason}`);

    // Whoever comes then is let in, by the match's name and by quick join.
    const last = await join(`${url}/match/arena?name=last`);
    const quick = await join(`${url}/quick/arena?name=quick`);
    const player = last.welcome.player;
    await Promise.all([last.leave(), quick.leave()]);
    return { visits: times, refused: total(failures), last_player_id: player };
  });

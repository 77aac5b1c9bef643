// A message that is refused, and the client's close frame in the same segment: the two ends' close frames cross.
import { besiege } from './besieged.mjs';
import { closeFrame, closed, frame, kBinary, open, repeat, total } from './raw_socket.mjs';

export const badMessages = times =>
  besiege(['--bots', '0'], async (url, usage) => {
    let peak = 0;
    const failures = await repeat(times, 16, async i => {
      const socket = await open(url, '/?name=liar');
      socket.resume();
      socket.on('error', () => {});
      socket.write(Buffer.concat([frame(kBinary, Buffer.from('not a FlatBuffer')), closeFrame(1000)]));
      if (i % 2) socket.destroySoon();
      else await Promise.race([closed(socket), new Promise(resolve => setTimeout(resolve, 100))]);
      if (i % 64 === 0) peak = Math.max(peak, usage().descriptors);
    });
    return { messages: times, refused: total(failures), descriptors_peak: peak };
  });

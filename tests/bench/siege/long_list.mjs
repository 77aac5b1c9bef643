// A list of many matches, some with all the metadata that they may have: whoever asks for it is answered.
import { flatbuffers, netcode } from '../../interop/schemas.mjs';
import { bytesOf, join } from '../../interop/visitor.mjs';

// With what the arena's own says of map and mode it fits.
const kNoteBytesMax = 400;
import { besiege } from './besieged.mjs';

/// Within what one session may ask at once, and all of them before the first match is ended as empty.
const kMatchesPerHost = 40;
/// A new match counts as one that is played until the server has measured it, twice a second: then there is time again.
const kNoTime = /no time for another match: try again later/;
const kTriesMax = 20;
const measured = () => new Promise(done => setTimeout(done, 600));

export const longList = count =>
  besiege(['--bots', '0', '--matches-max', `${count + 10}`, '--matches-created-per-minute', `${count}`], async url => {
    const refusals = new Map();
    let made = 0;
    const hosts = await Promise.all(
      Array.from({ length: Math.ceil(count / kMatchesPerHost) }, (_, i) =>
        join(`${url}/?name=host${i}`, undefined, { localAddress: `127.0.0.${i + 2}` })
      )
    );
    const makeAll = async (host, first) => {
      for (let id = first; id < Math.min(first + kMatchesPerHost, count); ++id) {
        const note = new netcode.FieldT('note', 'n'.repeat(id % 50 === 0 ? kNoteBytesMax : 20));
        const request = new netcode.CreateRequestT('arena', `match${id}`, null, false, [], [note]);
        let error;
        for (let tries = 0; tries === 0 || (kNoTime.test(error) && tries < kTriesMax); ++tries) {
          if (tries > 0) await measured();
          const ask = tries * 100_000 + id + 1;
          host.sendEvent('scrim:create', bytesOf(request), ask);
          ({ error } = await host.next(netcode.Body.Ack, ack => ack.id === ask));
        }
        if (error) refusals.set(error, (refusals.get(error) ?? 0) + 1);
        else ++made;
      }
    };
    await Promise.all(hosts.map((host, i) => makeAll(host, i * kMatchesPerHost)));
    for (const [reason, times] of refusals) console.error(`${times} matches: ${reason}`);
    const guest = await join(`${url}/?name=guest`);
    const began = performance.now();
    const list = await listOf(guest).catch(error => error.message);
    const tookMs = Math.round(performance.now() - began);
    for (const visitor of [guest, ...hosts]) await visitor.leave();
    return { matches: made, listed: Array.isArray(list) ? list.length : list, list_ms: tookMs };
  });

/// All pages of it, as ids.
async function listOf(host) {
  const ids = [];
  for (let after = null, ask = 1_000_000; ; ++ask) {
    host.sendEvent('scrim:list', bytesOf(new netcode.ListRequestT(null, after)), ask);
    const { error, body } = await host.next(netcode.Body.Ack, ack => ack.id === ask);
    if (error) throw new Error(error);
    const list = netcode.MatchList.getRootAsMatchList(new flatbuffers.ByteBuffer(Uint8Array.from(body)));
    for (let i = 0; i < list.matchesLength(); ++i) ids.push(list.matches(i).id());
    after = list.next();
    if (!after) return ids;
  }
}

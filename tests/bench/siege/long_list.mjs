// A list of many matches, some with all the metadata that they may have: whoever asks for it is answered.
import { flatbuffers, netcode } from '../../interop/schemas.mjs';
import { bytesOf, join } from '../../interop/visitor.mjs';
import { besiege } from './besieged.mjs';

export const longList = count =>
  besiege(['--bots', '0', ...(process.env.SCRIM_SIEGE_LIST_FLAGS ?? '').split(' ').filter(Boolean)], async url => {
    const host = await join(`${url}/?name=host`);
    const { Ack, Event } = netcode.Body;
    const refusals = new Map();
    let made = 0;
    for (let id = 1; id <= count; ++id) {
      const metadata = [new netcode.FieldT('note', 'n'.repeat(id % 50 === 0 ? 4_000 : 20))];
      const request = new netcode.CreateRequestT('arena', `match${id}`, null, false, [], metadata);
      host.sendEvent('scrim:create', bytesOf(request), id);
      const { error } = await host.next(Ack, ack => ack.id === id);
      if (error) refusals.set(error, (refusals.get(error) ?? 0) + 1);
      else ++made;
    }
    for (const [reason, times] of refusals) console.error(`${times} matches: ${reason}`);
    const began = performance.now();
    const list = await listOf(host).catch(error => error.message);
    const tookMs = Math.round(performance.now() - began);
    await host.leave();
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

// A server under siege, and the bystander whose match it must not disturb.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { netcode } from '../../interop/schemas.mjs';
import { startServer } from '../../interop/server.mjs';
import { join } from '../../interop/visitor.mjs';

const kSettleMs = 50;
const kPatienceMs = 15_000;

export const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

/// Resolves to whether `condition` came true within a while.
export async function until(condition, patienceMs = kPatienceMs) {
  for (const end = Date.now() + patienceMs; Date.now() < end; await pause(kSettleMs)) if (condition()) return true;
  return condition();
}

/// Starts a server, runs `siege` against it, and resolves to the siege's figures with those of the server beside them.
export async function besiege(flags, siege) {
  const server = await startServer(...flags);
  const bystander = await Bystander.join(server.url);
  try {
    const quiet = () => process.env.SCRIM_SIEGE_QUIET_MS ?? 1_000;
    await pause(quiet());
    bystander.begin();
    const before = usage(server.pid);
    const figures = await siege(server.url, () => usage(server.pid));
    await until(() => usage(server.pid).descriptors <= before.descriptors);
    await pause(quiet());
    const after = usage(server.pid);
    return {
      ...figures,
      rss_mib_before: before.rssMib,
      rss_mib_after: after.rssMib,
      descriptors_before: before.descriptors,
      descriptors_after: after.descriptors,
      bystander_gap_ms_max: bystander.gapMsMax,
      bystander_snapshots_per_s: bystander.snapshotsPerSecond(),
      bystander_is_there: bystander.isThere,
    };
  } finally {
    await bystander.leave();
    await server.stop();
  }
}

export function usage(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kib = Number(status.match(/^VmRSS:\s+(\d+) kB$/m)[1]);
  const descriptors = existsSync(`/proc/${pid}/fd`) ? readdirSync(`/proc/${pid}/fd`).length : 0;
  return { rssMib: Math.round((kib / 1024) * 10) / 10, rssKib: kib, descriptors };
}

class Bystander {
  static async join(url) {
    const bystander = new Bystander();
    bystander.visitor = await join(`${url}/match/bystander?name=bystander`);
    bystander.visitor.onMessage = body => bystander.#note(body);
    bystander.visitor.ended.then(() => (bystander.isThere = false));
    return bystander;
  }

  isThere = true;
  gapMsMax = 0;

  begin() {
    this.beganAt = this.lastAt = performance.now();
    this.snapshots = this.gapMsMax = 0;
  }

  snapshotsPerSecond() {
    return Math.round((this.snapshots * 10_000) / (this.lastAt - this.beganAt)) / 10;
  }

  leave() {
    return this.visitor.leave();
  }

  #note(bodyType) {
    if (bodyType !== netcode.Body.Snapshot || this.lastAt === undefined) return;
    const now = performance.now();
    this.gapMsMax = Math.max(this.gapMsMax, Math.round(now - this.lastAt));
    this.lastAt = now;
    this.snapshots += 1;
  }
}

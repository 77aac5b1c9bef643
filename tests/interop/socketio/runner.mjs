// Runs one script against one server through a recording proxy; the transcript of it.
import { Client, kTransports, kVersions } from './clients.mjs';
import { transcript } from './normalise.mjs';
import { Proxy } from './proxy.mjs';
import { Wire, within } from './wire.mjs';

const kScriptMax_ms = 60_000;
const kSettleMax_ms = 20_000;

/// The ways in which a script is run: {label, version, transport}, of which a script by hand has neither.
export function variantsOf({ name, versions, transports }) {
  if (!versions) return [{ label: name }];
  return versions.flatMap(version => transports.map(transport => ({ label: `${name} ${version} ${transport}`, version, transport })));
}

/// `server`: {port, stop?}. Throws what the script throws, with the transcript so far as `transcript`.
export async function run(script, variant, server) {
  const { records, logs } = await record(script, variant, server);
  return transcriptOf(script, records, logs);
}

const transcriptOf = (script, records, logs) =>
  transcript(records, logs).filter(line => !script.loggedOnly || line.startsWith('{"stream":"log '));

/// The same, before it becomes a transcript: {records, logs}.
export async function record(script, variant, server) {
  const proxy = await new Proxy(server.port).listen();
  const context = new Context(script, variant, proxy, server);
  let failure = null;
  try {
    await within(script.run(context), `the end of "${variant.label}"`, kScriptMax_ms);
    await context.end();
    if (!(await proxy.settled(kSettleMax_ms))) throw new Error('something is still under way at the end');
  } catch (error) {
    failure = error;
    await context.end().catch(() => {});
  }
  proxy.close();
  const { records } = proxy;
  if (failure) throw Object.assign(failure, { transcript: transcriptOf(script, records, context.logs) });
  return { records, logs: context.logs };
}

class Context {
  logs = [];
  #managers = [];
  #wires = [];

  constructor(script, variant, proxy, server) {
    this.variant = variant;
    this.server = server;
    this.origin = `http://127.0.0.1:${proxy.port}`;
    // A namespace of the run's own, where it meets nobody else: the same one at each server.
    this.nsp = `/run-${variant.label.toLowerCase().replaceAll(/[^a-z0-9._]+/g, '-')}`;
  }

  // Scripts take what they need out of the context.
  log = (name, ...values) => this.logs.push({ name, values });

  /// Drives the wire by hand.
  wire = path => {
    const wire = new Wire(this.origin, path);
    this.#wires.push(wire);
    return wire;
  };

  /// A client of the variant's version and transport, in a namespace; `connected`: false does not wait. A client that
  /// upgrades has done so when this resolves.
  connect = async (name, { nsp = this.nsp, connected = true, ...more } = {}) => {
    const { version, transport, ...options } = { ...this.variant, ...more };
    const io = kVersions[version];
    const socket = io(`${this.origin}${nsp}`, { forceNew: true, reconnection: false, timeout: 60_000, ...options, transports: kTransports[transport] });
    this.#managers.push(socket.io);
    const client = new Client(name, socket, this.log);
    const upgraded = transport === 'upgrade' ? this.upgraded(client) : undefined;
    if (connected) await client.next('connect');
    await upgraded;
    return client;
  };

  /// Resolves when the client's session has moved to a WebSocket.
  upgraded = client => within(new Promise(resolve => client.socket.io.engine.once('upgrade', resolve)), `${client.name} to upgrade`);

  /// The same client's socket in one more namespace, over the same connection.
  also = async (client, name, nsp, { auth, connected = true } = {}) => {
    const other = new Client(name, client.socket.io.socket(nsp, { auth }), this.log);
    if (connected) await other.next('connect');
    return other;
  };

  async end() {
    for (const manager of this.#managers) await closed(manager);
    for (const wire of this.#wires) await wire.end();
  }
}

async function closed(manager) {
  const { engine } = manager;
  manager.reconnection(false);
  if (!engine || engine.readyState === 'closed') return;
  const closing = new Promise(resolve => engine.once('close', resolve));
  for (const socket of Object.values(manager.nsps)) socket.disconnect();
  if (engine.readyState !== 'closed' && engine.readyState !== 'closing') engine.close();
  await within(closing, 'a client to close');
}

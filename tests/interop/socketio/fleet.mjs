// The servers of one program, one for each set of flags, started when first asked for.
import { startServer } from './server_process.mjs';
import { kServers } from './scripts/table.mjs';

export class Fleet {
  #program;
  #servers = new Map(); // of a key of kServers

  constructor(program) {
    this.#program = program;
  }

  /// The server that a script visits; one of its own, which the script stops, if it says so.
  serverFor({ server = 'calm', own = false }) {
    if (own) return startServer(this.#program, kServers[server]);
    if (!this.#servers.has(server)) this.#servers.set(server, startServer(this.#program, kServers[server]));
    return this.#servers.get(server);
  }

  /// Starts them all, so that scripts with deadlines need not share the machine with that.
  start() {
    return Promise.all(Object.keys(kServers).map(server => this.serverFor({ server })));
  }

  async stop() {
    for (const server of this.#servers.values()) await (await server).stop();
  }
}

// What hostile and careless clients cost the server, and those who play beside them: each scenario visits a
// scrim-server of its own while a bystander plays in a standing match.
//
//   npm ci --prefix tests/interop
//   SCRIM_SERVER=build/release/bin/scrim-server node tests/bench/siege_bench.mjs [SCENARIO ...]
//
// One line per scenario: what came of it, the server's memory and descriptors before and after, and the longest gap
// between two of the bystander's snapshots. Its last line is JSON.
import { chatters } from './siege/chatters.mjs';
import { badMessages } from './siege/bad_messages.mjs';
import { longList } from './siege/long_list.mjs';
import { silentReaders } from './siege/silent_readers.mjs';
import { visits } from './siege/visits.mjs';

const scenarios = {
  visits: () => visits(60_000),
  chatters: () => chatters(16, 10),
  list: () => longList(1_000),
  bad: () => badMessages(5_000),
  memory: () => silentReaders(256, 12),
};

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(scenarios);
const figures = {};
for (const name of wanted) {
  if (!(name in scenarios)) {
    console.error(`no scenario ${name}: ${Object.keys(scenarios).join(', ')}`);
    process.exit(2);
  }
  figures[name] = await scenarios[name]();
  const line = Object.entries(figures[name]).map(([key, value]) => `${key} ${value}`);
  console.log(`${name}: ${line.join(', ')}`);
}
console.log(JSON.stringify(figures));

// Every script. A script: {name, run(context), server, versions, transports, own, hurried, loggedOnly}.
//   run         what is done; runner.mjs says what its context has
//   server      whose flags the server has, of kServers in table.mjs; calm if it is not said
//   own         it has a server to itself, which it stops
//   versions, transports   of the clients that run it; none: it drives the wire by hand, once
//   hurried     it has a deadline to meet: isHurried in table.mjs
//   loggedOnly  only what the script logs is compared, where client and server race on the wire
import { scripts as connections } from './connections.mjs';
import { scripts as engine } from './engine.mjs';
import { scripts as engineClient } from './engine_client.mjs';
import { scripts as errors } from './errors.mjs';
import { scripts as messages } from './messages.mjs';
import { scripts as namespaces } from './namespaces.mjs';
import { scripts as packets } from './packets.mjs';
import { scripts as recovery } from './recovery.mjs';
import { scripts as rooms } from './rooms.mjs';
import { scripts as upgrades } from './upgrades.mjs';

// Those that wait for deadlines first: others run meanwhile.
export const scripts = [
  ...engine,
  ...upgrades,
  ...errors,
  ...recovery,
  ...rooms,
  ...messages,
  ...namespaces,
  ...connections,
  ...packets,
  ...engineClient,
];

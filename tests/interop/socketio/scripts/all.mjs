// Every script. A script: {name, run(context), server, versions, transports, own}; runner.mjs says what its context has.
import { scripts as messages } from './messages.mjs';

export const scripts = [...messages];

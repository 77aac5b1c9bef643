// The command line that both servers of these tests understand, here and in C++: PORT, then flags. Port 0 is any free one.

/// Flag, its default and its unit. The defaults are those of the public protocol suites, which are short.
export const kFlags = {
  'ping-interval-ms': 300,
  'ping-timeout-ms': 200,
  'connect-timeout-ms': 1000, // a session that has joined no namespace by then is closed
  'upgrade-timeout-ms': 10_000, // a probe that has not become an upgrade by then is closed
  'body-timeout-ms': 30_000, // a POST's body that is not whole by then: 408
  'recovery-ms': 0, // for how long a lost connection's state is kept; 0: connection state recovery is off
  'cors-origins': '*', // separated by commas
  'cors-credentials': 0, // 1: Access-Control-Allow-Credentials: true
};
export const kMaxPayloadBytes = 1_000_000;

/// {port, and each flag's value under its name}; throws with what is wrong and what is expected.
export function parseArguments(words) {
  const [port, ...rest] = words;
  if (!/^\d+$/.test(port ?? '')) throw new Error('expected PORT as the first argument');
  const values = { port: Number(port), ...kFlags };
  for (let i = 0; i < rest.length; i += 2) {
    const name = rest[i].replace(/^--/, '');
    if (!(name in kFlags) || rest[i + 1] === undefined) throw new Error(`${rest[i]}: expected --FLAG VALUE, a flag of ${Object.keys(kFlags)}`);
    values[name] = typeof kFlags[name] === 'number' ? Number(rest[i + 1]) : rest[i + 1];
  }
  return values;
}

/// The same as options of the official packages.
export function officialOptions(values) {
  const origins = values['cors-origins'] === '*' ? '*' : values['cors-origins'].split(',');
  const options = {
    pingInterval: values['ping-interval-ms'],
    pingTimeout: values['ping-timeout-ms'],
    connectTimeout: values['connect-timeout-ms'],
    upgradeTimeout: values['upgrade-timeout-ms'],
    httpRequestBodyTimeout: values['body-timeout-ms'],
    maxHttpBufferSize: kMaxPayloadBytes,
    cors: { origin: origins, credentials: values['cors-credentials'] === 1 },
    serveClient: false,
  };
  if (values['recovery-ms'] > 0) options.connectionStateRecovery = { maxDisconnectionDuration: values['recovery-ms'], skipMiddlewares: true };
  return options;
}

/// Listens, says where, and ends with status 0 at SIGTERM, once `close` is through.
export function serve(httpServer, port, close) {
  httpServer.listen(port, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${httpServer.address().port}`));
  process.on('SIGTERM', () => close(() => process.exit(0)));
}

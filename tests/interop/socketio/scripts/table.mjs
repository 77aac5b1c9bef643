// What scripts have in common: which clients run them, and with what flags the servers that they visit are started.

export const kAllClients = { versions: ['3.1', '4.0', '4.8'], transports: ['polling', 'websocket', 'upgrade'] };
export const kNewestClient = { ...kAllClients, versions: ['4.8'] };

const calm = ['--ping-interval-ms', 25_000, '--ping-timeout-ms', 20_000, '--connect-timeout-ms', 45_000];

/// A script's `server`. Heartbeats are rare where they are not what is looked at: a slow machine is never late then.
export const kServers = {
  calm,
  recovery: [...calm, '--recovery-ms', 120_000],
  short_recovery: [...calm, '--recovery-ms', 100],
  heartbeat: [...calm, '--ping-interval-ms', 300],
  ping_timeout: [...calm, '--ping-interval-ms', 1000, '--ping-timeout-ms', 2500],
  connect_timeout: [...calm, '--connect-timeout-ms', 2500],
  deadlines: [...calm, '--upgrade-timeout-ms', 2500, '--body-timeout-ms', 2500],
  cors: [...calm, '--cors-origins', 'http://a.example,http://b.example', '--cors-credentials', 1],
};

/// Whether a script has a deadline to meet, which a slow machine may miss: it is given another try then.
export const isHurried = ({ server, hurried = false }) => hurried || ['ping_timeout', 'connect_timeout', 'deadlines'].includes(server);

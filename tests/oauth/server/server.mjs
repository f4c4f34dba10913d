// An OAuth server with the rules of the service's: dynamic registration, PKCE, refresh tokens that work once.
// Usage: node server.mjs ACCESS_TOKEN_SECONDS; prints its issuer as the first line.
import http from 'node:http';
import { createServer } from 'node:net';
import Provider from 'oidc-provider';

const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const chosen = probe.address().port;
    probe.close(() => resolve(chosen));
  });
});
const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  features: { registration: { enabled: true }, revocation: { enabled: true }, devInteractions: { enabled: true } },
  scopes: ['openid', 'email', 'offline_access'],
  pkce: { required: () => true },
  rotateRefreshToken: true,
  ttl: { AccessToken: Number(process.argv[2] ?? 3600) },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@example.test` }) }),
});
http.createServer(provider.callback()).listen(port, '127.0.0.1', () => console.log(issuer));

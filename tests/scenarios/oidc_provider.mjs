// A certified OpenID provider for scenarios: `node oidc_provider.mjs PORT [REDIRECT_URI…]`.
//
// With OIDC_CERT and OIDC_KEY, two files, it speaks HTTPS alone, as https://localhost:PORT.
//
// Commands come as lines on standard input, each answered with one line of JSON on standard output:
//   rotate         other keys; those of before are dropped
//   requests       how often each path was asked for since the last time
//
// Clients: `machine` (client credentials), `web` (authorization code), `gateway` (asks about tokens), `portal` (authorization code,
// coming back to one of the REDIRECT_URIs); secrets are NAME-secret.
// Tokens for the resource https://api.example are JSON Web Tokens, those for https://opaque.example are opaque.

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

// Standard output is for answers alone; the provider has much to say about settings that are for tests only.
console.info = console.error;
console.warn = console.error;

const port = Number(process.argv[2]);
const secure = process.env.OIDC_CERT !== undefined;
const issuer = secure ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
const signing = ['RS256', 'PS256', 'ES256', 'EdDSA'];

function privateKeys() {
  const pairs = [
    generateKeyPairSync('rsa', { modulusLength: 2048 }),
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    generateKeyPairSync('ed25519'),
  ];
  return pairs.map(({ privateKey }) => ({ ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig' }));
}

// What was granted outlives the keys.
const stored = new Map();

class Memory {
  constructor(name) {
    this.name = name;
  }

  key(id) {
    return `${this.name}:${id}`;
  }

  async upsert(id, payload) {
    stored.set(this.key(id), payload);
  }

  async find(id) {
    return stored.get(this.key(id));
  }

  async findByUid(uid) {
    return [...stored.values()].find((payload) => payload.uid === uid && payload.kind === 'Session');
  }

  async findByUserCode() {}

  async consume(id) {
    stored.get(this.key(id)).consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id) {
    stored.delete(this.key(id));
  }

  async revokeByGrantId(grantId) {
    for (const [key, payload] of stored) if (payload.grantId === grantId) stored.delete(key);
  }
}

function client(name, more) {
  return { client_id: name, client_secret: `${name}-secret`, redirect_uris: [], response_types: [], ...more };
}

function made() {
  const provider = new Provider(issuer, {
    adapter: Memory,
    jwks: { keys: privateKeys() },
    clients: [
      client('machine', { grant_types: ['client_credentials'] }),
      client('web', {
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: ['http://127.0.0.1:9/callback'],
      }),
      client('portal', { grant_types: ['authorization_code'], response_types: ['code'], redirect_uris: process.argv.slice(3) }),
      client('gateway', { grant_types: [], token_endpoint_auth_method: 'client_secret_basic' }),
    ],
    enabledJWA: { idTokenSigningAlgValues: signing },
    scopes: ['openid', 'read', 'write'],
    ttl: { ClientCredentials: 600, AccessToken: 600 },
    cookies: { keys: ['for tests only'] },
    pkce: { required: () => true },
    findAccount: (context, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    features: {
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: () => true },
      revocation: { enabled: true },
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => 'https://api.example',
        useGrantedResource: () => true,
        getResourceServerInfo: (context, resource) => ({
          scope: 'read write',
          audience: resource,
          accessTokenFormat: resource === 'https://opaque.example' ? 'opaque' : 'jwt',
          jwt: { sign: { alg: context.headers['x-test-alg'] ?? 'RS256' } },
        }),
      },
    },
  });
  provider.on('server_error', (context, error) => console.error(error));
  return provider.callback();
}

let answer = made();
let requests = {};

function answered(request, response) {
  const path = request.url.split('?')[0];
  requests[path] = (requests[path] ?? 0) + 1;
  answer(request, response);
}

const server = secure
  ? createSecureServer({ cert: readFileSync(process.env.OIDC_CERT), key: readFileSync(process.env.OIDC_KEY) }, answered)
  : createServer(answered);

server.listen(port, '127.0.0.1', () => {
  console.log(JSON.stringify({ issuer }));
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      if (line === 'rotate') answer = made();
      console.log(JSON.stringify(line === 'requests' ? requests : {}));
      if (line === 'requests') requests = {};
    })
    .on('close', () => process.exit(0));
});

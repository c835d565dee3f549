// npm's oidc-provider with one client: private_key_jwt, client_credentials, DPoP, all in memory.
import Provider from 'oidc-provider';

const { port, jwk } = JSON.parse(process.env.BENCH_RIVAL);
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'oak-mis',
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    id_token_signed_response_alg: 'ES256',
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    jwks: { keys: [{ ...jwk, use: 'sig', alg: 'ES256' }] },
    dpop_bound_access_tokens: true,
    scope: 'echo.read',
  }],
  scopes: ['echo.read'],
  enabledJWA: { clientAuthSigningAlgValues: ['ES256'], dPoPSigningAlgValues: ['ES256'] },
  features: {
    clientCredentials: { enabled: true },
    dPoP: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => `${issuer}/v1`,
      getResourceServerInfo: () => ({
        scope: 'echo.read', audience: `${issuer}/v1`, accessTokenFormat: 'jwt',
        accessTokenTTL: 300, jwt: { sign: { alg: 'ES256' } },
      }),
      useGrantedResource: () => true,
    },
  },
  jwks: { keys: [await signingKey()] },
});

async function signingKey() {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  return { ...await crypto.subtle.exportKey('jwk', pair.privateKey), use: 'sig', alg: 'ES256', kid: 'k1', key_ops: undefined, ext: undefined };
}

provider.proxy = false;
provider.listen(port, '127.0.0.1');

// Call rightshare as a registered client: needs Node 20 and `npm install oauth4webapi`.
// node rightshare_client.mjs URL
import { readFileSync } from 'node:fs'
import * as oauth from 'oauth4webapi'

const registered = JSON.parse(readFileSync('client.json', 'utf8'))
const client = { client_id: registered.client_id }
const url = new URL(process.argv[2] ?? `${registered.issuer}/v1/echo`)
const issuer = new URL(registered.issuer)
const options = { [oauth.allowInsecureRequests]: issuer.protocol === 'http:' }

const { d, p, q, dp, dq, qi, ...publicJwk } = registered.private_jwk
const algorithm = {
  EC: { name: 'ECDSA', namedCurve: 'P-256' },
  RSA: { name: 'RSA-PSS', hash: 'SHA-256' },
  OKP: { name: 'Ed25519' },
}[publicJwk.kty]
const privateKey = await crypto.subtle.importKey('jwk', registered.private_jwk, algorithm, false, ['sign'])
const publicKey = await crypto.subtle.importKey('jwk', publicJwk, algorithm, true, ['verify'])

const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...options })
const server = await oauth.processDiscoveryResponse(issuer, found)
const DPoP = oauth.DPoP(client, { privateKey, publicKey })
const auth = oauth.PrivateKeyJwt({ key: privateKey, kid: publicJwk.kid })

async function call() {
  const asked = await oauth.clientCredentialsGrantRequest(server, client, auth, {}, { DPoP, ...options })
  const { access_token } = await oauth.processClientCredentialsResponse(server, client, asked)
  const answer = await oauth.protectedResourceRequest(access_token, 'GET', url, undefined, undefined, {
    DPoP,
    ...options,
  })
  console.log(await answer.text())
}

await call().catch((error) => {
  if (oauth.isDPoPNonceError(error)) return call()
  throw error
})

// A stranger's program with a stock, certified client: it knows the address of the discovery document, an id and a secret.
// Prints what it saw as JSON. argv: issuer, client id, secret, the session cookie of a person's browser, place (a tenant's code).
import * as client from 'openid-client'
import { browser, decide } from './browser.mjs'

const [issuer, id, secret, cookie, place] = process.argv.slice(2)
const back = 'https://app.example/back'
const config = await client.discovery(new URL(issuer), id, secret, undefined, { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] })
const seen = { issuer: config.serverMetadata().issuer }

const verifier = client.randomPKCECodeVerifier()
const state = client.randomState()
const nonce = client.randomNonce()
const asked = client.buildAuthorizationUrl(config, {
  redirect_uri: back,
  scope: 'openid profile tenant offline_access api:read',
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state,
  nonce,
})

const browse = browser(issuer, cookie)
const decided = await decide(browse, asked, { decision: 'allow', tenant: place })

const tokens = await client.authorizationCodeGrant(config, new URL(decided.headers.get('location')), {
  pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true,
})
seen.claims = tokens.claims()
seen.userinfo = await client.fetchUserInfo(config, tokens.access_token, seen.claims.sub)
seen.api = (await client.fetchProtectedResource(config, tokens.access_token, new URL(`/api/v1/tenants/${place}`, issuer), 'GET')).status

const fresh = await client.refreshTokenGrant(config, tokens.refresh_token)
seen.rotated = fresh.refresh_token !== tokens.refresh_token
seen.sameSubject = fresh.claims().sub === seen.claims.sub
seen.active = (await client.tokenIntrospection(config, fresh.access_token)).active
await client.tokenRevocation(config, fresh.refresh_token)
seen.ended = (await client.tokenIntrospection(config, fresh.access_token)).active

const own = await client.clientCredentialsGrant(config, { scope: 'api:read' })
seen.own = own.scope

const refused = await browse(client.buildAuthorizationUrl(config, {
  redirect_uri: back, scope: 'openid', response_type: 'code', state, code_challenge: 'short', code_challenge_method: 'S256',
}))
seen.refused = await client
  .authorizationCodeGrant(config, new URL(refused.headers.get('location')), { pkceCodeVerifier: verifier, expectedState: state })
  .catch(error => error.error)
seen.logout = client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token }).pathname
const left = await browse(client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token }))
seen.left = left.status
seen.after = (await browse('/api/v1/me')).status
console.log(JSON.stringify(seen))

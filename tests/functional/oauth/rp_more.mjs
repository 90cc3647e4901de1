// A stranger's program that knows the discovery document and an initial access token, and proves all that it does by keys of its
// own. Prints what it saw as JSON. argv: issuer, initial access token, the session cookie of a person's browser, place (a code).
import * as client from 'openid-client'
import { browser, decide } from './browser.mjs'

const [issuer, invitation, cookie, place] = process.argv.slice(2)
const back = 'https://app.example/back'
const easy = { execute: [client.allowInsecureRequests] }
const browse = browser(issuer, cookie)
const seen = {}

const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', keys.publicKey)
const config = await client.dynamicClientRegistration(
  new URL(issuer),
  {
    client_name: '邻里通',
    redirect_uris: [back],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    scope: 'openid profile tenant offline_access api:read',
    token_endpoint_auth_method: 'private_key_jwt',
    require_pushed_authorization_requests: true,
    jwks: { keys: [{ kty, crv, x, y, kid: 'mine', alg: 'ES256', use: 'sig' }] },
  },
  client.PrivateKeyJwt({ key: keys.privateKey, kid: 'mine' }),
  { ...easy, initialAccessToken: invitation },
)
seen.registered = [config.clientMetadata().token_endpoint_auth_method, 'client_secret' in config.clientMetadata()]

const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair())
const verifier = client.randomPKCECodeVerifier()
const state = client.randomState()
const pushed = await client.buildAuthorizationUrlWithPAR(config, {
  redirect_uri: back,
  scope: 'openid profile tenant offline_access api:read',
  resource: `${issuer}/api`,
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state,
}, { DPoP })
seen.pushed = pushed.searchParams.get('request_uri')
const decided = await decide(browse, pushed, { decision: 'allow', tenant: place })
const tokens = await client.authorizationCodeGrant(config, new URL(decided.headers.get('location')), {
  pkceCodeVerifier: verifier, expectedState: state, idTokenExpected: true,
}, undefined, { DPoP })
const part = number => JSON.parse(Buffer.from(tokens.access_token.split('.')[number], 'base64url'))
seen.type = tokens.token_type
seen.typ = part(0).typ
seen.bound = part(1).cnf.jkt === await DPoP.calculateThumbprint()
seen.sub = tokens.claims().sub
seen.userinfo = (await client.fetchUserInfo(config, tokens.access_token, seen.sub, { DPoP })).sub
const there = new URL(`/api/v1/tenants/${place}`, issuer)
seen.api = (await client.fetchProtectedResource(config, tokens.access_token, there, 'GET', undefined, undefined, { DPoP })).status
seen.stolen = (await fetch(there, { headers: { authorization: `Bearer ${tokens.access_token}` } })).status
seen.refreshed = (await client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP })).token_type
seen.own = (await client.clientCredentialsGrant(config, { scope: 'api:read' }, { DPoP })).token_type

const tv = await client.dynamicClientRegistration(
  new URL(issuer),
  { client_name: '村委会电视', grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'], scope: 'openid tenant api:read', token_endpoint_auth_method: 'none' },
  client.None(),
  { ...easy, initialAccessToken: invitation },
)
const waiting = await client.initiateDeviceAuthorization(tv, { scope: 'openid tenant api:read' })
seen.user_code = waiting.user_code.length
await decide(browse, waiting.verification_uri_complete, { decision: 'allow', tenant: place })
const allowed = await client.pollDeviceAuthorizationGrant(tv, { ...waiting, interval: 1 })
seen.device = allowed.token_type
seen.devicesApi = (await client.fetchProtectedResource(tv, allowed.access_token, there, 'GET')).status
console.log(JSON.stringify(seen))

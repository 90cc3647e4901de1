// A certified provider (npm oidc-provider) at loopback: one client, set up as the words ask for. Prints its port, and runs until its input ends.
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

const [client_id, client_secret, back, how] = process.argv.slice(2)
const server = createServer()
await new Promise((done) => server.listen(0, '127.0.0.1', done))
const issuer = `http://127.0.0.1:${server.address().port}`
const isSigned = how.includes('signed')
const client = {
  client_id,
  client_secret,
  redirect_uris: [back],
  token_endpoint_auth_method: how.includes('post') ? 'client_secret_post' : 'client_secret_basic',
  id_token_signed_response_alg: how.includes('es256') ? 'ES256' : 'RS256',
  ...(isSigned && { userinfo_signed_response_alg: 'RS256' }),
}
const { publicKey: _, ...generated } = await import('node:crypto')
const keyOf = (kind, options) => ({ ...generated.generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }), use: 'sig', kid: kind })
const provider = new Provider(issuer, {
  clients: [client],
  jwks: { keys: [keyOf('rsa', { modulusLength: 2048 }), { ...keyOf('ec', { namedCurve: 'P-256' }), alg: 'ES256' }] },
  cookies: { keys: ['some-key-of-this-run'] },
  ...(how.includes('post') && { clientAuthMethods: ['client_secret_post'] }),
  claims: { openid: ['sub'], profile: ['name'] },
  conformIdTokenClaims: true,
  features: {
    pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: how.includes('par') },
    jwtUserinfo: { enabled: isSigned },
  },
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, name: `居民 ${sub}` }) }),
})
// With `later` every address that begins so is registered: an administrator learns the whole of it only once the provider is set up here.
if (how.includes('later')) provider.Client.prototype.redirectUriAllowed = (address) => address.startsWith(back)
server.on('request', provider.callback())
console.log(server.address().port)
process.stdin.on('end', () => process.exit(0)).resume()

// Runs the documented program as its users would. argv: issuer, the session cookie of a person's browser, place (a code).
import { browser, decide } from './browser.mjs'
import { begin, finish } from './documented.mjs'

const [issuer, cookie, place] = process.argv.slice(2)
const begun = await begin()
const decided = await decide(browser(issuer, cookie), begun.address, { decision: 'allow', tenant: place })
console.log(JSON.stringify(await finish(new URL(decided.headers.get('location')), begun)))

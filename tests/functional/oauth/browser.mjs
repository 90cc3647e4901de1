// A person's browser without JavaScript: keeps cookies, follows what leads on inside the deployment, and sends forms.

export function browser(issuer, cookie) {
  const jar = new Map([cookie.split('=')])
  return async function browse(address, options = {}) {
    const answer = await fetch(new URL(address, issuer), {
      ...options,
      redirect: 'manual',
      headers: { ...options.headers, cookie: [...jar].map(pair => pair.join('=')).join('; '), 'accept-language': 'en' },
    })
    for (const set of answer.headers.getSetCookie()) {
      const [pair] = set.split(';')
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    const on = answer.headers.get('location')
    return on && on.startsWith('/') ? browse(on) : answer
  }
}

/** Opens a page with a form of ours, fills in what is said, and sends it with its hidden fields. */
export async function decide(browse, address, fields) {
  const html = await (await browse(address)).text()
  const form = new URLSearchParams(fields)
  for (const [, name, value] of html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)) form.set(name, value)
  const action = html.match(/<form[^>]* action="([^"]+)"/)[1]
  return browse(action, { method: 'POST', body: form })
}

import { expect, it, vi } from 'vitest'
import { loadPart, PluginError } from './module'

const plugin = (name: string, sdk = '1') => ({ sdk, module: `/plugins/${name}/1/index.js`, styles: [] })
const Part = { render: () => null }
const faultOf = async (work: Promise<unknown>): Promise<unknown> => {
  const error = await work.then(() => null, (reason: unknown) => reason)
  return error instanceof PluginError ? error.fault : error
}

it('loads a module once, for all that it exports', async () => {
  const importer = vi.fn(() => Promise.resolve({ Part, words: '不是组件' }))
  expect(await loadPart(plugin('good'), 'Part', importer)).toBe(Part)
  expect(await faultOf(loadPart(plugin('good'), 'Other', importer))).toBe('absent')
  expect(await faultOf(loadPart(plugin('good'), 'words', importer))).toBe('absent')
  expect(importer).toHaveBeenCalledOnce()
})

it('refuses another major of the SDK, or a later minor, before anything is loaded', async () => {
  const importer = vi.fn(() => Promise.resolve({ Part }))
  expect(await faultOf(loadPart(plugin('old', '2'), 'Part', importer))).toBe('sdk')
  expect(await faultOf(loadPart(plugin('old', '1.9'), 'Part', importer))).toBe('sdk')
  expect(await faultOf(loadPart(plugin('old', 'x'), 'Part', importer))).toBe('sdk')
  expect(importer).not.toHaveBeenCalled()
})

it('does not wait for ever', async () => {
  expect(await faultOf(loadPart(plugin('slow'), 'Part', () => new Promise(() => undefined), 5))).toBe('slow')
})

it('asks for a module that failed under another address, because a browser keeps the failure', async () => {
  const urls: string[] = []
  const importer = (url: string) => {
    urls.push(url)
    return urls.length < 2 ? Promise.reject(new Error('connection')) : Promise.resolve({ Part })
  }
  expect(await faultOf(loadPart(plugin('late'), 'Part', importer))).toBe('broken')
  expect(await loadPart(plugin('late'), 'Part', importer)).toBe(Part)
  expect(urls).toEqual(['/plugins/late/1/index.js', '/plugins/late/1/index.js?again=1'])
})

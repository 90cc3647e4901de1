// Brings the code of a plugin into the page. Whatever is wrong with it is said as one of a few kinds of fault.
import type { Component } from 'vue'
import { fits } from '@/shared/plugin/sdk'
import type { PluginUi } from './contributions'

/** sdk: written for another one; absent: no such export; slow: did not arrive in time; broken: threw. */
export type Fault = 'sdk' | 'absent' | 'slow' | 'broken'

export class PluginError extends Error {
  readonly fault: Fault
  constructor(fault: Fault, text: string) {
    super(text)
    this.name = 'PluginError'
    this.fault = fault
  }
}

type Module = Record<string, unknown>
export type Importer = (url: string) => Promise<Module>

export const patience = 15_000
const modules = new Map<string, Promise<Module>>()
const styles = new Map<string, Promise<void>>()
const attempts = new Map<string, number>()

const fromNetwork: Importer = (url) => import(/* @vite-ignore */ url) as Promise<Module>

/** A browser keeps a module that failed as failed: another attempt needs another address. */
function addressOf(url: string): string {
  const attempt = attempts.get(url) ?? 0
  return attempt === 0 ? url : `${url}?again=${attempt}`
}

function moduleAt(url: string, importer: Importer): Promise<Module> {
  const known = modules.get(url)
  if (known) return known
  const loading = importer(addressOf(url)).catch((error: unknown) => {
    modules.delete(url)
    attempts.set(url, (attempts.get(url) ?? 0) + 1)
    throw new PluginError('broken', `${url}: ${String(error)}`)
  })
  modules.set(url, loading)
  return loading
}

/** A sheet that does not come leaves the page plain, and standing. */
function addStyle(url: string): Promise<void> {
  const known = styles.get(url)
  if (known) return known
  const adding = new Promise<void>((resolve) => {
    const link = document.createElement('link')
    link.rel = 'stylesheet'
    link.href = url
    link.onload = link.onerror = () => resolve()
    document.head.append(link)
  })
  styles.set(url, adding)
  return adding
}

function inTime<Value>(work: Promise<Value>, what: string, limit: number): Promise<Value> {
  return new Promise((resolve, reject: (reason: unknown) => void) => {
    const timer = setTimeout(() => reject(new PluginError('slow', `${what}: nothing after ${limit} ms`)), limit)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

const isComponent = (found: unknown): found is Component => (typeof found === 'object' && found !== null) || typeof found === 'function'

/** The component that a plugin exports under a name. Throws PluginError. */
export async function loadPart(plugin: Pick<PluginUi, 'sdk' | 'module' | 'styles'>, name: string, importer: Importer = fromNetwork, limit = patience): Promise<Component> {
  const { sdk, module: url } = plugin
  if (!fits(sdk)) throw new PluginError('sdk', `${url}: written for version ${sdk} of the SDK`)
  const work = Promise.all([moduleAt(url, importer), ...plugin.styles.map(addStyle)])
  const [exported] = await inTime(work, url, limit)
  const found = exported[name]
  if (!isComponent(found)) throw new PluginError('absent', `${url}: exports no component named ${name}`)
  return found
}

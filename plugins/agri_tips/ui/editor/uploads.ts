// Files on their way to the server.
import { Problem } from '@wuji/sdk'
import { type Sent } from '@wuji/ui'
import { shallowRef } from 'vue'
import { type Draft } from './draft'

interface Waiting extends Sent {
  stop: AbortController
}

export function useUploads(draft: Draft, said: { unreachable: string; begun: () => void }) {
  const files = shallowRef<readonly Waiting[]>([])
  let last = 0
  const change = (key: string, to: Partial<Waiting>): void => {
    files.value = files.value.map((file) => (file.key === key ? { ...file, ...to } : file))
  }
  const drop = (key: string): void => {
    files.value = files.value.filter((file) => file.key !== key)
  }
  async function send(file: File): Promise<void> {
    last += 1
    const key = String(last)
    const stop = new AbortController()
    files.value = [...files.value, { key, name: file.name, share: 0, stop }]
    try {
      await draft.attach(file, (share) => change(key, { share }), stop.signal)
      drop(key)
    } catch (error) {
      if (stop.signal.aborted) return
      if (!(error instanceof Problem)) throw error
      change(key, { fault: error.isUnreachable ? said.unreachable : error.message })
    } finally {
      said.begun()
    }
  }
  return {
    files,
    add: (picked: readonly File[]) => picked.forEach((file) => void send(file)),
    remove: (key: string) => {
      files.value.find((file) => file.key === key)?.stop.abort()
      drop(key)
    },
  }
}

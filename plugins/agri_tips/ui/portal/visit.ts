// That a tip was read, told once a visit. The server keeps the visit in a cookie of its own and counts no person.
import { type PluginApi, Problem } from '@wuji/sdk'

const told = new Set<string>()

export async function countRead(api: Pick<PluginApi, 'post'>, code: string, tipId: string): Promise<void> {
  const read = `${code} ${tipId}`
  if (told.has(read)) return
  told.add(read)
  try {
    await api.post(`tips/${tipId}/reads`)
  } catch (error) {
    // A count that did not arrive is no reader's concern; the next reading tells it again.
    if (!(error instanceof Problem)) throw error
    told.delete(read)
  }
}

import { effectScope } from 'vue'
import { expect, it, vi } from 'vitest'
import { noteAddress, useDoubts } from './moved'

const at = (code: string, rest = '/grants'): string => `http://here/api/v1/tenants/${code}${rest}`

it('doubts a code whose answer came from another one, or that was refused', () => {
  const act = vi.fn()
  const scope = effectScope()
  scope.run(() => useDoubts('340722108', act))
  noteAddress(at('340722108'), at('340722108'), 200)
  noteAddress(at('340722109'), at('340722109'), 404)
  // Asking for the tenant itself again would never end.
  noteAddress(at('340722108', ''), at('340722109', ''), 200)
  noteAddress(at('340722108', ''), at('340722108', ''), 404)
  expect(act).not.toHaveBeenCalled()
  noteAddress(at('340722108'), at('340722109'), 200)
  noteAddress(at('340722108', '/grants?limit=1'), at('340722108', '/grants?limit=1'), 404)
  expect(act).toHaveBeenCalledTimes(2)
  scope.stop()
  noteAddress(at('340722108'), at('340722109'), 200)
  expect(act).toHaveBeenCalledTimes(2)
})

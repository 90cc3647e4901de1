import { expect, it } from 'vitest'
import { computed } from 'vue'
import { mount } from '@vue/test-utils'
import { useChangeMenu } from './changes'
import type { State } from './tenants'

function keysOf(state: State, level: number, rights: string[]): string[] {
  let keys: string[] = []
  mount({
    setup() {
      const menu = useChangeMenu(computed(() => ({ state, level })), (right) => rights.includes(right))
      keys = menu.items.value.map(({ key }) => key)
      return () => null
    },
  })
  return keys
}
const all = ['add', 'rename', 'recode', 'suspend'].map((verb) => `tenancy.tenant.${verb}`)

it('offers only what a state allows', () => {
  expect(keysOf('active', 3, all)).toEqual(['add', 'rename', 'recode', 'suspended'])
  expect(keysOf('suspended', 3, all)).toEqual(['rename', 'recode', 'active', 'archived'])
  expect(keysOf('archived', 3, all)).toEqual(['rename', 'recode', 'active'])
})

it('adds nothing below a grid, and offers nobody what they may not do', () => {
  expect(keysOf('active', 5, all)).not.toContain('add')
  expect(keysOf('active', 3, ['tenancy.tenant.rename'])).toEqual(['rename'])
  expect(keysOf('active', 3, [])).toEqual([])
})

import { expect, it } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import WNotFound from '@/kit/not-found/WNotFound.vue'
import ConsoleStart from './ConsoleStart.vue'
import TenantConsole from './TenantConsole.vue'
import { routes } from './routes'

const router = createRouter({ history: createMemoryHistory(), routes })
const partsOf = (path: string): unknown[] => router.resolve(path).matched.map((record) => record.components?.['default'])

it('opens the console of a tenant by its division code or credit code', () => {
  expect(partsOf('/console')[0]).toBe(ConsoleStart)
  expect(partsOf('/console/3407')[0]).toBe(TenantConsole)
  expect(partsOf('/console/12340722MB1A2345XK/settings')[0]).toBe(TenantConsole)
  expect(router.resolve('/console/340722112201/a').params['tenant']).toBe('340722112201')
})

it('finds nothing where nothing is', () => {
  expect(partsOf('/console/3407/no/such/page')).toEqual([TenantConsole, WNotFound])
  expect(partsOf('/console/not-a-code')).toEqual([ConsoleStart, WNotFound])
})

import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import type { ConsoleFeature } from '../feature'
import ConsoleShell from './ConsoleShell.vue'
import { sectionsOf } from './navigation'

const features: ConsoleFeature[] = [
  { routes: [], nav: [{ group: 'organisation', order: 2, label: 'people', icon: 'users-round', route: 'people', permission: 'identity.grant.read' }] },
  {
    routes: [],
    nav: [
      { group: 'organisation', order: 1, label: 'tree', icon: 'network', route: 'tree' },
      { group: 'task', order: 1, label: 'today', icon: 'layout-dashboard', route: 'today' },
    ],
  },
]
const sections = [{ key: 'task', items: [{ key: 'today', label: '今天', icon: 'inbox' as const, to: '/console/340722/today', count: 7, due: true }] }]

function open() {
  return mount(ConsoleShell, {
    attachTo: document.body,
    props: {
      surroundings: { place: { code: '340722', name: '枞阳县', level: 2 }, ancestors: [{ code: '3407', name: '铜陵市', level: 1 }], below: [] },
      placeTo: (code: string) => `/console/${code}`,
      sections,
      person: { name: '章立新', role: '县管理员' },
      personMenu: [],
    },
    slots: { default: '<p>内容</p>' },
  })
}

const county = { code: '340722', level: 2 as const }

it('shows a tenant only what its reader may use, in order', () => {
  const keys = (permissions: string[]) => sectionsOf(features, county, new Set(permissions), (key) => key).map(({ key, items }) => [key, ...items.map((item) => item.key)])
  expect(keys([])).toEqual([['task', 'today'], ['organisation', 'tree']])
  expect(keys(['identity.grant.read'])).toEqual([['task', 'today'], ['organisation', 'tree', 'people']])
  expect(sectionsOf(features, county, new Set(), (key) => key)[0]).not.toHaveProperty('label')
})

it('offers nothing that could never have anything to show', () => {
  const inbox: ConsoleFeature[] = [{ routes: [], nav: [{ group: 'task', order: 1, label: 'inbox', icon: 'log-in', route: 'inbox', deepest: 4 }] }]
  const offered = (level: 1 | 4 | 5) => sectionsOf(inbox, { code: '3407', level }, new Set(), (key) => key).length
  expect([offered(1), offered(4), offered(5)]).toEqual([1, 1, 0])
  expect(sectionsOf(inbox, null, new Set(), (key) => key)).toHaveLength(1)
})

it('names the tenant in rail and search, and leads past both to the content', () => {
  const page = open()
  expect(page.get('.w-rail [aria-current]').text()).toContain('枞阳县')
  expect(page.get('.w-rail a').attributes('href')).toBe('/console/3407')
  expect(page.get('.c-search input').attributes('aria-label')).toBe('搜索枞阳县')
  expect(page.get('.skip').attributes('href')).toBe(`#${page.get('main').attributes('id') ?? ''}`)
})

it('unfolds the navigation on narrow screens and folds it when left', async () => {
  const page = open()
  const burger = page.get('.c-burger')
  expect(burger.attributes()).toMatchObject({ 'aria-expanded': 'false', 'aria-controls': 'c-nav', 'aria-label': '菜单' })
  await burger.trigger('click')
  expect(page.get('#c-nav').attributes('data-open')).toBeDefined()
  await page.get('#c-nav a').trigger('click')
  expect(page.get('#c-nav').attributes('data-open')).toBeUndefined()
})

it('leads to the search by one key, but not from where somebody types', () => {
  const page = open()
  const search = page.get<HTMLInputElement>('.c-search input').element
  search.focus()
  const typed = new KeyboardEvent('keydown', { key: '/', bubbles: true, cancelable: true })
  search.dispatchEvent(typed)
  expect(typed.defaultPrevented).toBe(false)
  search.blur()
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true, cancelable: true }))
  expect(document.activeElement).toBe(search)
})

it('passes on where the reader wants to go', async () => {
  const page = open()
  await page.get('.w-rail button').trigger('click')
  await page.get('.c-search input').setValue('会宫')
  await page.get('.c-search form').trigger('submit')
  expect([page.emitted('switch'), page.emitted('search')]).toEqual([[[]], [['会宫']]])
})

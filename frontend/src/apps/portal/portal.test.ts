import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import type { PortalFeature } from '../feature'
import PortalShell from './PortalShell.vue'
import { entriesOf, panelsOf } from './navigation'

const village = {
  place: { code: '340722112201', name: '栏桥村', level: 4 as const },
  ancestors: [{ code: '3407', name: '铜陵市', level: 1 as const }, { code: '340722', name: '枞阳县', level: 2 as const }],
  below: [],
}
const tabs = [{ key: 'home', label: '首页', icon: 'house' as const, to: '/' }]

it('says where one is, from the nearest up, and lets it be changed', async () => {
  const shell = mount(PortalShell, { props: { surroundings: village, sections: [], tabs, elder: false } })
  expect(shell.get('.p-place b').text()).toBe('栏桥村')
  expect(shell.get('.p-place small').text()).toBe('枞阳县 · 铜陵市')
  await shell.get('.p-place').trigger('click')
  expect(shell.emitted('switch')).toHaveLength(1)
})

it('asks for a place while none is known', () => {
  const shell = mount(PortalShell, { props: { surroundings: null, sections: [], tabs: [], elder: false } })
  expect(shell.get('.p-place b').text()).toBe('选一个地方')
  expect(shell.find('.p-tab').exists()).toBe(false)
})

it('offers large type and the other language on every page', async () => {
  const shell = mount(PortalShell, { props: { surroundings: village, sections: [], tabs, elder: false, login: '/login', publisher: '村民委员会' } })
  expect(shell.get('.p-tools').text()).toContain('长辈版')
  await shell.get('.p-tools button').trigger('click')
  await shell.get('.p-foot button').trigger('click')
  expect([shell.emitted('elder'), shell.emitted('language')]).toEqual([[[]], [[]]])
  await shell.setProps({ elder: true })
  expect(shell.get('.p-tools').text()).toContain('普通版')
  expect(shell.get('.p-foot').text()).toContain('村民委员会')
})

it('fills its two bars from the features, in order', () => {
  const features: PortalFeature[] = [
    { routes: [], nav: [{ where: 'tabs', order: 2, label: 'tips', icon: 'sprout', route: 'tips' }, { where: 'sections', order: 1, label: 'tips', icon: 'sprout', route: 'tips' }] },
    { routes: [], nav: [{ where: 'tabs', order: 1, label: 'home', icon: 'house', route: 'home' }] },
  ]
  expect(entriesOf(features, 'tabs', (key) => key).map(({ key }) => key)).toEqual(['home', 'tips'])
  expect(entriesOf(features, 'sections', (key) => key)).toHaveLength(1)
})

it('says its own entries in words, and takes those of plugins as the server words them', () => {
  const features: PortalFeature[] = [{ routes: [], nav: [{ where: 'sections', order: 1, label: 'tips', icon: 'sprout', route: 'tips' }] }]
  const menu = { key: '/3407/x/a', group: 'sections', order: 2, label: '农话', icon: 'sprout' as const, to: '/3407/x/a' }
  expect(entriesOf(features, 'sections', (key) => `<${key}>`, [menu]).map(({ label }) => label)).toEqual(['<tips>', '农话'])
})

it('offers the login, or to those who are logged in their own page', async () => {
  const shell = mount(PortalShell, { props: { surroundings: village, sections: [], tabs, elder: false, login: '/login' } })
  expect(shell.get('.p-tools a').attributes('href')).toBe('/login')
  await shell.setProps({ mine: '/me' })
  expect(shell.findAll('.p-tools a').map((link) => [link.attributes('href'), link.text()])).toEqual([['/me', '我的']])
})

it('puts the panels of "my page" in order', () => {
  const panel = (order: number) => ({ order, title: String(order), load: () => Promise.reject(new Error('not opened here')) })
  const features: PortalFeature[] = [{ routes: [], nav: [], mePanels: [panel(40), panel(10)] }, { routes: [], nav: [] }, { routes: [], nav: [], mePanels: [panel(20)] }]
  expect(panelsOf(features).map(({ order }) => order)).toEqual([10, 20, 40])
})

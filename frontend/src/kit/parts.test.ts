// Small parts: what they say to somebody who does not see them.
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { nextTick } from 'vue'
import WAvatar from './avatar/WAvatar.vue'
import WCard from './card/WCard.vue'
import WChip from './chip/WChip.vue'
import WDefinitionList from './definition-list/WDefinitionList.vue'
import WErrorState from './state/WErrorState.vue'
import WLadder from './ladder/WLadder.vue'
import WLevelBadge from './level-badge/WLevelBadge.vue'
import WNote from './note/WNote.vue'
import WRail from './rail/WRail.vue'
import WSegmented from './segmented/WSegmented.vue'
import WSkeleton from './skeleton/WSkeleton.vue'
import WSteps from './steps/WSteps.vue'
import { Problem } from '@/shared/api/problem'
import { setLocale } from '@/shared/i18n/i18n'

it('says a level in full and shows its letter, or its number in English', async () => {
  const badge = mount(WLevelBadge, { props: { level: 3 } })
  expect(badge.get('[aria-hidden]').text()).toBe('街')
  expect(badge.get('.vh').text()).toBe('街镇级')
  await setLocale('en')
  await nextTick()
  expect(badge.get('[aria-hidden]').text()).toBe('3')
  await setLocale('zh-CN')
})

it('says on a ladder who decided and who was overruled', () => {
  const rungs = [
    { name: '平台默认', value: '8 位', state: 'lost' as const },
    { level: 1 as const, name: '铜陵市', value: '12 位', state: 'won' as const },
  ]
  const [lost, won] = mount(WLadder, { props: { rungs } }).findAll('li')
  expect(lost?.text()).toContain('被盖过')
  expect(won?.text()).toContain('由这一层定')
  expect(won?.attributes('data-won')).toBeDefined()
})

it('shows the way from the top to this place, and down', async () => {
  const ancestors = [{ code: '3407', name: '铜陵市', level: 1 as const, to: '/console/3407' }]
  const below = [{ level: 3 as const, total: { value: 1000, capped: true } }]
  const rail = mount(WRail, { props: { ancestors, place: { code: '340722', name: '枞阳县', level: 2 }, below } })
  expect(rail.get('a').attributes('href')).toBe('/console/3407')
  const [here, down] = rail.findAll('button')
  expect(here?.attributes('aria-current')).toBe('true')
  expect(down?.text()).toContain('1,000+')
  await here?.trigger('click')
  await down?.trigger('click')
  expect([rail.emitted('switch'), rail.emitted('down')]).toEqual([[[]], [[3]]])
})

it('announces errors at once, the rest when there is time', () => {
  expect(mount(WNote, { props: { tone: 'bad' } }).attributes('role')).toBe('alert')
  expect(mount(WNote).attributes('role')).toBe('note')
  expect(mount(WSkeleton).attributes()).toMatchObject({ role: 'status', 'aria-busy': 'true', 'aria-label': '正在读取' })
})

it('tells of a failed part what the server said, and the number to ask about', () => {
  const problem = new Problem({ type: 'about:blank', title: '', status: 500, detail: '数据库正忙。' }, '7f3a')
  const state = mount(WErrorState, { props: { problem } })
  expect(state.text()).toContain('数据库正忙。')
  expect(state.text()).toContain('7f3a')
})

it('marks the step, the view and the filter that are on', async () => {
  const steps = mount(WSteps, { props: { steps: ['组织', '位置', '核对'], current: 1 } })
  expect(steps.attributes('aria-label')).toBe('共 3 步')
  expect(steps.findAll('li').map((step) => step.attributes('aria-current'))).toEqual([undefined, 'step', undefined])
  const options = [{ value: 'chart', label: '图' }, { value: 'table', label: '表' }]
  const views = mount(WSegmented, { props: { options, label: '看法', modelValue: 'chart' } })
  await views.findAll('button')[1]?.trigger('click')
  expect(views.emitted('update:modelValue')).toEqual([['table']])
  const chip = mount(WChip, { props: { modelValue: true } })
  expect(chip.attributes('aria-pressed')).toBe('true')
})

it('names a card by its title and lists facts in pairs', () => {
  const card = mount(WCard, { props: { title: '基本情况' } })
  expect(card.attributes('aria-labelledby')).toBe(card.get('h2').attributes('id'))
  const list = mount(WDefinitionList, { props: { facts: [{ key: 'code', label: '代码', value: '3407' }, { key: 'kind', label: '类别' }] }, slots: { kind: '区划' } })
  expect(list.findAll('dd').map((fact) => fact.text())).toEqual(['3407', '区划'])
  expect(mount(WAvatar, { props: { name: '章立新' } }).text()).toBe('章')
})

import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import { defineComponent, h, type FunctionalComponent, type VNode } from 'vue'
import { useRouter } from 'vue-router'
import { withoutGaps, type Groups } from '@/shared/list/groups'
import { useList } from '@/shared/list/list'
import { useListState, type ListQuery } from '@/shared/list/list-state'
import WListPage from './WListPage.vue'
import { chartOf, sayPeriod } from './list-chart'

const Drawn: FunctionalComponent<{ chart: unknown }, Record<string, unknown[]>, { footer?: () => VNode[] }> = ({ chart }, { slots }) => h('figure', [JSON.stringify(chart), slots.footer?.()])
Drawn.props = ['chart']
vi.mock('../chart/WChartCard.vue', () => ({ default: Drawn }))

const group = (value: string | null, count: number, said = value ?? '没有填') => ({ value, said, count, sum: null })
const groups = (own: Partial<Groups> = {}): Groups => ({
  by: 'state', of: null, per: null, columns: [{ name: 'state', said: '状态', time: false }, { name: 'at', said: '时间', time: true }], sums: [],
  groups: [group('live', 12, '有效'), group('over', 3, '过期')], other: null, counted: { value: 15, capped: false }, ...own,
})

it('draws words as bars, the rest as one more', () => {
  const chart = chartOf(groups({ other: { groups: 3, count: 4, sum: null } }), 'line')
  expect(chart).toMatchObject({ kind: 'bars', upright: false, head: '状态', series: ['条数'] })
  expect(chart?.kind === 'bars' && chart.rows.map(({ name, values }) => [name, values[0]])).toEqual([['有效', 12], ['过期', 3], ['其余 3 项', 4]])
  expect(chartOf(groups({ groups: [] }), 'bars')).toBeUndefined()
})

it('draws times in order, with nothing where nothing was', () => {
  const timed = groups({ by: 'at', per: 'month', groups: [group('2025-11', 2), group('2026-01', 3), group(null, 1)] })
  expect(chartOf(timed, 'line')).toMatchObject({ kind: 'line', at: ['2025年11月', '2025年12月', '2026年1月'], series: [{ name: '条数', values: [2, 0, 3] }] })
  const bars = chartOf(timed, 'bars')
  expect(bars?.kind === 'bars' && bars.rows.map(({ name }) => name)).toEqual(['2025年11月', '2025年12月', '2026年1月', '没有填'])
  expect([sayPeriod('2026', 'year'), sayPeriod('2026-03-01', 'day')]).toEqual(['2026', '2026年3月1日'])
})

it('fills no gap of years with days', () => {
  expect(withoutGaps(['2024-02-28', '2024-03-01'])).toEqual(['2024-02-28', '2024-02-29', '2024-03-01'])
  expect(withoutGaps(['2019', '2021'])).toEqual(['2019', '2020', '2021'])
  expect(withoutGaps(['2020-01-01', '2026-01-01'])).toEqual(['2020-01-01', '2026-01-01'])
})

const Villages = defineComponent({
  components: { WListPage },
  setup: () => {
    const asked = vi.fn((query: ListQuery) => Promise.resolve(groups({ by: String(query['by'] ?? 'state') })))
    const state = useListState({ filters: ['state'] as const })
    const load = () => Promise.resolve({ items: [], next: null, total: { value: 0, capped: false } })
    return { asked, router: useRouter(), columns: [], list: useList({ key: ['villages'], state, load, groups: asked }), keyOf: () => '' }
  },
  template: '<WListPage title="下级" :list="list" :columns="columns" :row-key="keyOf" />',
})

it('is one press away, keeps the filters, and lies in the address', async () => {
  const page = mount(Villages, { attachTo: document.body, global: { plugins: [[VueQueryPlugin, { queryClient: new QueryClient() }]] } })
  await page.vm.router.push('/villages?state=live')
  await flushPromises()
  await page.findAll('.w-seg button')[1]?.trigger('click')
  await vi.waitFor(() => expect(page.find('figure').text()).toContain('有效'))
  expect(page.find('table').exists()).toBe(false)
  expect(page.find('figure').text()).toContain('共 15 条')
  await page.get('select').setValue('at')
  await flushPromises()
  expect(page.vm.router.currentRoute.value.query).toEqual({ state: 'live', view: 'chart', by: 'at' })
  expect(page.vm.asked.mock.calls.map(([query]) => query)).toEqual([{ limit: 50, per: 'month', state: 'live' }, { by: 'at', limit: 50, per: 'month', state: 'live' }])
})

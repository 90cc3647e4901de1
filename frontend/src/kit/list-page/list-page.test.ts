import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { defineComponent } from 'vue'
import { useRouter } from 'vue-router'
import { useList } from '@/shared/list/list'
import { useListState, type ListQuery } from '@/shared/list/list-state'
import WListPage from './WListPage.vue'

interface Row {
  code: string
  name: string
}
const all: Row[] = [{ code: '1', name: '会宫村' }, { code: '2', name: '栏桥村' }]
const load = ({ q }: ListQuery) => {
  const items = all.filter(({ name }) => q === undefined || name.includes(q))
  return Promise.resolve({ items, next: null, total: { value: items.length, capped: false } })
}

const Villages = defineComponent({
  components: { WListPage },
  emits: ['export'],
  setup: () => {
    const state = useListState({ filters: ['state'] as const })
    const columns = [{ key: 'name', label: '名称', sort: 'name', head: true }, { key: 'code', label: '代码' }]
    return { router: useRouter(), columns, list: useList({ key: ['villages'], state, load }), keyOf: (row: Row) => row.code, words: () => '正常' }
  },
  template: `<WListPage title="下级" :list="list" :columns="columns" :row-key="keyOf" selectable exportable search-label="找下级" :filter-label="words" @export="$emit('export', $event)">
    <template #cell-name="{ row }"><b>{{ row.name }}</b></template>
    <template #bulk="{ selected }"><i>{{ selected.join() }}</i></template>
  </WListPage>`,
})

async function open() {
  const page = mount(Villages, { attachTo: document.body, global: { plugins: [[VueQueryPlugin, { queryClient: new QueryClient() }]] } })
  await page.vm.router.push('/villages?state=active')
  await flushPromises()
  return page
}

it('shows rows, their cells, how many there are, and the filters that are on', async () => {
  const page = await open()
  expect(page.findAll('tbody b').map((cell) => cell.text())).toEqual(['会宫村', '栏桥村'])
  expect(page.get('.w-pager').text()).toContain('第 1–2 条，共 2 条')
  const filter = page.get('.w-toolbar [aria-pressed="true"]')
  expect(filter.text()).toContain('正常')
  await filter.trigger('click')
  await flushPromises()
  expect(page.vm.router.currentRoute.value.query).toEqual({})
})

it('searches through the address and keeps the bulk bar away until something is picked', async () => {
  const page = await open()
  expect(page.find('.w-bulk').exists()).toBe(false)
  await page.get('tbody .w-box').trigger('change')
  expect(page.get('.w-bulk').text()).toContain('选了 1 条')
  expect(page.get('.w-bulk i').text()).toBe('1')
  await page.get('input[type="search"]').setValue('栏桥')
  await page.get('.w-toolbar form').trigger('submit')
  await flushPromises()
  expect(page.vm.router.currentRoute.value.query).toEqual({ state: 'active', q: '栏桥' })
  expect(page.findAll('tbody tr')).toHaveLength(1)
})

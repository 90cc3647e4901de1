import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import WTable from './WTable.vue'
import { ariaSort, nextSort } from './table'
import { unreachable } from '@/shared/api/problem'

interface Row {
  code: string
  name: string
  tips: number
}
const rows: Row[] = [
  { code: '1', name: '会宫村', tips: 1200 },
  { code: '2', name: '栏桥村', tips: 3 },
]
const columns = [
  { key: 'name', label: '名称', head: true },
  { key: 'tips', label: '农话', sort: 'tips', align: 'end' },
] as const
const basic = { label: '村居', columns, rowKey: (row: Row) => row.code, rowName: (row: Row) => row.name }

it('sorts upwards, downwards, then as the server likes', async () => {
  expect(nextSort('', 'tips')).toBe('tips')
  expect(nextSort('tips', 'tips')).toBe('-tips')
  expect(nextSort('-tips', 'tips')).toBe('')
  expect(ariaSort('-tips', 'tips')).toBe('descending')
  const table = mount(WTable<Row, 'name' | 'tips'>, { props: { ...basic, rows, sort: 'tips' } })
  expect(table.findAll('thead th')[1]?.attributes('aria-sort')).toBe('ascending')
  expect(table.findAll('thead th')[0]?.find('button').exists()).toBe(false)
  await table.get('.sort').trigger('click')
  expect(table.emitted('update:sort')).toEqual([['-tips']])
})

it('names rows by their head cell and sets figures on the right', () => {
  const table = mount(WTable<Row, 'name' | 'tips'>, { props: { ...basic, rows, open: '2' } })
  expect(table.findAll('tbody th').map((cell) => cell.attributes('scope'))).toEqual(['row', 'row'])
  expect(table.get('tbody td').text()).toBe('1,200')
  expect(table.get('tbody td').classes()).toContain('n')
  expect(table.findAll('tbody tr')[1]?.attributes('data-open')).toBeDefined()
})

it('is a table in words too, each cell with the name of its column: on a phone its rows are cards', () => {
  const table = mount(WTable<Row, 'name' | 'tips'>, { props: { ...basic, rows, selectable: true } })
  const roles = table.findAll('table, thead, tbody, tr, th, td').map((part) => part.attributes('role'))
  expect(roles.slice(0, 6)).toEqual(['table', 'rowgroup', 'row', 'columnheader', 'columnheader', 'columnheader'])
  expect(roles.slice(6, 11)).toEqual(['rowgroup', 'row', 'cell', 'rowheader', 'cell'])
  expect(table.findAll('tbody tr:first-child [data-label]').map((cell) => cell.attributes('data-label'))).toEqual(['名称', '农话'])
})

it('picks rows one by one and a page at once, and keeps what was picked elsewhere', async () => {
  const table = mount(WTable<Row, 'name' | 'tips'>, { props: { ...basic, rows, selectable: true, selected: ['9', '1'] } })
  const [all, first, second] = table.findAll('input')
  expect((all?.element as HTMLInputElement).indeterminate).toBe(true)
  expect(first?.attributes('aria-label')).toBe('选 会宫村')
  await second?.trigger('change')
  await first?.trigger('change')
  await all?.trigger('change')
  await all?.trigger('change')
  expect(table.emitted('update:selected')).toEqual([[['9', '1', '2']], [['9', '2']], [['9', '1', '2']], [['9']]])
})

it('waits in its own shape, then says empty or failed and how to go on', async () => {
  const table = mount(WTable<Row, 'name' | 'tips'>, { props: { ...basic, rows: [], pending: true } })
  expect(table.findAll('.w-skel').length).toBe(10)
  expect(table.get('[role="status"]').text()).toBe('正在读取')
  await table.setProps({ pending: false })
  expect(table.text()).toContain('这里还没有内容')
  await table.setProps({ problem: unreachable() })
  expect(table.get('[role="alert"]').text()).toContain('连不上网络')
  await table.get('[role="alert"] button').trigger('click')
  expect(table.emitted('retry')).toHaveLength(1)
})

import { flushPromises, mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import WTree from './WTree.vue'
import type { TreeNode } from './tree'

const nodes: TreeNode[] = [
  { key: 'county', label: '枞阳县', level: 2, children: [{ key: 'town', label: 'Huigong', level: 3 }, { key: 'other', label: 'Yijin', level: 3, leaf: true }] },
]
const below: TreeNode[] = [{ key: 'village', label: '栏桥村', level: 4, leaf: true }]

function grow(load = vi.fn(() => Promise.resolve<readonly TreeNode[]>(below)), expanded: string[] = ['county']) {
  const tree = mount(WTree, {
    attachTo: document.body,
    props: {
      nodes,
      load,
      expanded,
      label: '组织',
      'onUpdate:expanded': (keys: string[]) => tree.setProps({ expanded: keys }),
      'onUpdate:selected': (key: string | null) => tree.setProps({ selected: key }),
    },
  })
  const items = () => tree.findAll('[role="treeitem"]')
  const item = (text: string) => {
    const found = items().find((one) => one.text().includes(text))
    if (!found) throw new Error(`no item ${text}`)
    return found
  }
  const press = async (text: string, key: string): Promise<void> => {
    await flushPromises()
    const { element } = item(text)
    ;(element as HTMLElement).focus()
    await item(text).trigger('keydown', { key })
    await flushPromises()
  }
  return { tree, items, item, press, load }
}

it('is a tree with levels, positions and what can open', () => {
  const { tree, item } = grow()
  expect(tree.attributes()).toMatchObject({ role: 'tree', 'aria-label': '组织' })
  expect(item('枞阳县').attributes()).toMatchObject({ 'aria-level': '1', 'aria-expanded': 'true' })
  expect(item('Huigong').attributes()).toMatchObject({ 'aria-level': '2', 'aria-setsize': '2', 'aria-posinset': '1', 'aria-expanded': 'false' })
  expect(item('Yijin').attributes('aria-expanded')).toBeUndefined()
})

it('loads children when a node opens, once', async () => {
  const { press, items, load } = grow()
  await press('Huigong', 'ArrowRight')
  expect(items()).toHaveLength(4)
  await press('Huigong', 'ArrowLeft')
  expect(items()).toHaveLength(3)
  await press('Huigong', 'ArrowRight')
  expect(load).toHaveBeenCalledOnce()
})

it('says so when children do not come, and tries again when opened anew', async () => {
  const load = vi.fn<() => Promise<readonly TreeNode[]>>().mockRejectedValueOnce(new Error('away')).mockResolvedValue(below)
  const { press, item, items } = grow(load)
  await press('Huigong', 'ArrowRight')
  expect(item('Huigong').text()).toContain('没读出来')
  await press('Huigong', 'ArrowLeft')
  await press('Huigong', 'ArrowRight')
  expect(load).toHaveBeenCalledTimes(2)
  expect(items()).toHaveLength(4)
})

it('moves by arrows, Home, End and first letters', async () => {
  const { press, item } = grow()
  const focused = () => document.activeElement
  await press('枞阳县', 'ArrowDown')
  expect(focused()).toBe(item('Huigong').element)
  await press('Huigong', 'End')
  expect(focused()).toBe(item('Yijin').element)
  await press('Yijin', 'Home')
  expect(focused()).toBe(item('枞阳县').element)
  await press('枞阳县', 'y')
  expect(focused()).toBe(item('Yijin').element)
  await press('Yijin', 'ArrowLeft')
  expect(focused()).toBe(item('枞阳县').element)
})

it('selects by Enter and by a press on the row; the caret only opens', async () => {
  const { tree, press, item, items } = grow()
  await press('Yijin', 'Enter')
  expect(tree.props('selected')).toBe('other')
  await item('Huigong').get('.car').trigger('click')
  await flushPromises()
  expect(items()).toHaveLength(4)
  expect(tree.props('selected')).toBe('other')
  await item('Huigong').get('.it').trigger('click')
  expect(tree.props('selected')).toBe('town')
  expect(item('Huigong').attributes('aria-selected')).toBe('true')
})

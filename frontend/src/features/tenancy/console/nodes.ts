// The tree as the tree part wants it: keys are codes, all children of a node at once.
import type { LoadChildren, TreeNode } from '@/kit/tree/tree'
import { textOr } from '@/shared/i18n/i18n'
import type { Level } from '@/shared/place/place'
import { listBelow, type Row } from './tenants'

const grid = 5
const most = 20

export function toNode({ code, name, level, children, state }: Pick<Row, 'code' | 'name' | 'level' | 'children' | 'state'>): TreeNode {
  const note = state === 'active' ? {} : { note: textOr(`console.tree.state.${state}`, state) }
  return { ...note, key: code, label: name, level: level as Level, ...(children > 0 ? { count: children } : { leaf: true }), ...(level >= grid && { leaf: true }) }
}

/** Pages are fetched one after another: a town has a few dozen villages, a county never two thousand towns. */
export function loadBelow(above: string): LoadChildren {
  return async ({ key }) => {
    const rows: Row[] = []
    let cursor: string | undefined
    for (let page = 0; page < most; page += 1) {
      const { items, next } = await listBelow(above, key, cursor)
      rows.push(...items)
      if (next === null) break
      cursor = next
    }
    return rows.map(toNode)
  }
}

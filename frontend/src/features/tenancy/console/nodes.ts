// The tree as the tree part wants it: keys are codes, all children of a node at once.
import type { LoadChildren, TreeNode } from '@/kit/tree/tree'
import { textOr } from '@/shared/i18n/i18n'
import type { Level } from '@/shared/place/place'
import { listAllBelow, type Row } from './tenants'

const grid = 5

export function toNode({ code, name, level, children, state }: Pick<Row, 'code' | 'name' | 'level' | 'children' | 'state'>): TreeNode {
  const note = state === 'active' ? {} : { note: textOr(`console.tree.state.${state}`, state) }
  return { ...note, key: code, label: name, level: level as Level, ...(children > 0 ? { count: children } : { leaf: true }), ...(level >= grid && { leaf: true }) }
}

export function loadBelow(above: string): LoadChildren {
  return async ({ key }) => (await listAllBelow(above, key)).map(toNode)
}

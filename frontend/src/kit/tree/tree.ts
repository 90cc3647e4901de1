// A tree knows the keys and the parents; the children come when a node is opened.
import type { Level } from '@/shared/place/place'

export interface TreeNode {
  key: string
  label: string
  level?: Level
  /** How many lie below, shown at the end of the row. */
  count?: number
  /** What is unusual about it, in a word. */
  note?: string
  /** Nothing can ever lie below. */
  leaf?: boolean
  /** Already known children; without them, `load` brings them. */
  children?: readonly TreeNode[]
}

export type LoadChildren = (node: TreeNode) => Promise<readonly TreeNode[]>

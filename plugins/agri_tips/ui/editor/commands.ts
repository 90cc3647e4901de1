// What the toolbar does, each by its name; the same commands answer to keys.
import { setBlockType, toggleMark } from 'prosemirror-commands'
import { redo, undo } from 'prosemirror-history'
import { liftListItem, wrapInList } from 'prosemirror-schema-list'
import { type Command, type EditorState } from 'prosemirror-state'
import { addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, isInTable } from 'prosemirror-tables'
import { type Node } from 'prosemirror-model'
import { markType, nodeType } from './schema'

const lists = ['bullet_list', 'ordered_list']
const size = { rows: 3, columns: 2 }

function isBlock(state: EditorState, level?: number): boolean {
  const { parent } = state.selection.$from
  return level === undefined ? parent.type.name === 'paragraph' : parent.type.name === 'heading' && parent.attrs['level'] === level
}

function listAround({ selection: { $from } }: EditorState): { node: Node; at: number } | null {
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth)
    if (lists.includes(node.type.name)) return { node, at: $from.before(depth) }
  }
  return null
}

/** Pressed again, a heading is a paragraph. */
const heading = (level: number): Command => (state, dispatch) =>
  (isBlock(state, level) ? setBlockType(nodeType('paragraph')) : setBlockType(nodeType('heading'), { level }))(state, dispatch)

/** Into a list, out of it, or from one sort to the other. */
const list = (name: string): Command => (state, dispatch) => {
  const around = listAround(state)
  if (around === null) return wrapInList(nodeType(name))(state, dispatch)
  if (around.node.type.name === name) return liftListItem(nodeType('list_item'))(state, dispatch)
  dispatch?.(state.tr.setNodeMarkup(around.at, nodeType(name)))
  return true
}

function emptyTable(): Node {
  const row = (kind: string): Node => nodeType('table_row').create(null, Array.from({ length: size.columns }, () => nodeType(kind).create(null, nodeType('paragraph').create())))
  return nodeType('table').create(null, [row('table_header'), ...Array.from({ length: size.rows - 1 }, () => row('table_cell'))])
}

const table: Command = (state, dispatch) => {
  if (isInTable(state)) return false
  dispatch?.(state.tr.replaceSelectionWith(emptyTable()).scrollIntoView())
  return true
}

export const commands = {
  h2: heading(2),
  h3: heading(3),
  bold: toggleMark(markType('strong')),
  bullets: list('bullet_list'),
  numbers: list('ordered_list'),
  table,
  undo,
  redo,
  row: addRowAfter,
  column: addColumnAfter,
  less_row: deleteRow,
  less_column: deleteColumn,
  no_table: deleteTable,
} satisfies Record<string, Command>
export type Tool = keyof typeof commands

/** Those that need no table around them, in the order of the toolbar. */
export const always: Tool[] = ['h2', 'h3', 'bold', 'bullets', 'numbers', 'table', 'undo', 'redo']
export const inTable: Tool[] = ['row', 'column', 'less_row', 'less_column', 'no_table']

function isOn(tool: Tool, state: EditorState): boolean | undefined {
  if (tool === 'h2') return isBlock(state, 2)
  if (tool === 'h3') return isBlock(state, 3)
  if (tool === 'bullets') return listAround(state)?.node.type.name === 'bullet_list'
  if (tool === 'numbers') return listAround(state)?.node.type.name === 'ordered_list'
  if (tool !== 'bold') return undefined
  const { from, to, empty, $from } = state.selection
  const strong = markType('strong')
  return empty ? strong.isInSet(state.storedMarks ?? $from.marks()) !== undefined : state.doc.rangeHasMark(from, to, strong)
}

export interface ToolState {
  tool: Tool
  /** undefined: it does something once and is never "on". */
  on: boolean | undefined
  can: boolean
}

export function toolsOf(state: EditorState): ToolState[] {
  const shown = isInTable(state) ? [...always.filter((tool) => tool !== 'table'), ...inTable] : always
  return shown.map((tool) => ({ tool, on: isOn(tool, state), can: commands[tool](state) }))
}

/** A picture of the tip, where the cursor stands. */
export const insertPicture = (number: number): Command => (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodeType('picture').create({ number })).scrollIntoView())
  return true
}

/** All places where a picture stands: it was taken away. */
export const removePicture = (number: number): Command => (state, dispatch) => {
  const found: number[] = []
  state.doc.descendants((node, at) => {
    if (node.type.name === 'picture' && node.attrs['number'] === number) found.push(at)
  })
  if (found.length === 0) return false
  dispatch?.(found.reduceRight((tr, at) => tr.delete(at, at + 1), state.tr))
  return true
}

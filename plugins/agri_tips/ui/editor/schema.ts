// What a body may consist of: the same few tags that the server keeps (rich_text/cleaning.py). Whatever else is pasted falls away.
import { DOMParser, DOMSerializer, Schema, type DOMOutputSpec, type MarkSpec, type MarkType, type Node, type NodeSpec, type NodeType } from 'prosemirror-model'
import { bulletList, listItem, orderedList } from 'prosemirror-schema-list'
import { tableNodes } from 'prosemirror-tables'

const tables = tableNodes({ tableGroup: 'block', cellContent: 'paragraph+', cellAttributes: {} })
const own = /^media:([1-9][0-9]?)$/
const depths = [2, 3, 4] as const
/** The page's own heading is the tip's title: what is pasted as first becomes second. */
const levels: Record<string, number> = { h1: 2, h2: 2, h3: 3, h4: 4, h5: 4, h6: 4 }

function spans(node: Node): Record<string, string> {
  const wide = Object.entries(node.attrs).filter(([name, value]) => (name === 'colspan' || name === 'rowspan') && value !== 1)
  return Object.fromEntries(wide.map(([name, value]) => [name, String(value)]))
}

const nodes: Record<string, NodeSpec> = {
  doc: { content: 'block+' },
  paragraph: { content: 'inline*', group: 'block', parseDOM: [{ tag: 'p' }], toDOM: () => ['p', 0] },
  heading: {
    content: 'inline*',
    group: 'block',
    defining: true,
    attrs: { level: { default: depths[0], validate: 'number' } },
    parseDOM: Object.entries(levels).map(([tag, level]) => ({ tag, attrs: { level } })),
    toDOM: ({ attrs }): DOMOutputSpec => [`h${String(attrs['level'])}`, 0],
  },
  blockquote: { content: 'block+', group: 'block', defining: true, parseDOM: [{ tag: 'blockquote' }], toDOM: () => ['blockquote', 0] },
  bullet_list: { ...bulletList, content: 'list_item+', group: 'block' },
  ordered_list: { ...orderedList, content: 'list_item+', group: 'block', toDOM: () => ['ol', 0] },
  list_item: { ...listItem, content: 'paragraph block*' },
  horizontal_rule: { group: 'block', parseDOM: [{ tag: 'hr' }], toDOM: () => ['hr'] },
  picture: {
    group: 'block',
    draggable: true,
    attrs: { number: { validate: 'number' } },
    parseDOM: [{ tag: 'img[src]', getAttrs: (element) => {
      const found = own.exec(element.getAttribute('src') ?? '')
      return found ? { number: Number(found[1]) } : false
    } }],
    toDOM: ({ attrs }): DOMOutputSpec => ['img', { src: `media:${String(attrs['number'])}` }],
  },
  ...tables,
  table_header: { ...tables.table_header, toDOM: (node): DOMOutputSpec => ['th', { scope: 'col', ...spans(node) }, 0] },
  table_cell: { ...tables.table_cell, toDOM: (node): DOMOutputSpec => ['td', spans(node), 0] },
  text: { group: 'inline' },
  hard_break: { inline: true, group: 'inline', selectable: false, parseDOM: [{ tag: 'br' }], toDOM: () => ['br'] },
}

const simple = (tag: string, ...also: string[]): MarkSpec => ({ parseDOM: [tag, ...also].map((one) => ({ tag: one })), toDOM: () => [tag, 0] })
const marks: Record<string, MarkSpec> = {
  link: {
    inclusive: false,
    attrs: { href: { validate: 'string' } },
    parseDOM: [{ tag: 'a[href]', getAttrs: (element) => {
      const href = element.getAttribute('href') ?? ''
      return /^(https?:\/\/|tel:)/.test(href) && { href }
    } }],
    toDOM: ({ attrs }): DOMOutputSpec => ['a', { href: String(attrs['href']) }, 0],
  },
  em: simple('em', 'i'),
  strong: simple('strong', 'b'),
  sub: simple('sub'),
  sup: simple('sup'),
}

export const schema = new Schema({ nodes, marks })

export function nodeType(name: string): NodeType {
  const found = schema.nodes[name]
  if (!found) throw new Error(`no such node: ${name}`)
  return found
}

export function markType(name: string): MarkType {
  const found = schema.marks[name]
  if (!found) throw new Error(`no such mark: ${name}`)
  return found
}

/** Of a document that loads nothing and runs nothing: `media:3` is no address that a browser could fetch. */
const inert = (): Document => document.implementation.createHTMLDocument('')

export function parse(html: string): Node {
  const holder = inert().createElement('div')
  holder.innerHTML = html
  return DOMParser.fromSchema(schema).parse(holder)
}

/** One paragraph in an item or a cell needs no tag of its own. */
function loosen(holder: HTMLElement): void {
  for (const item of holder.querySelectorAll('li, td, th')) {
    const paragraphs = [...item.children].filter(({ tagName }) => tagName === 'P')
    const [only] = paragraphs
    if (only && paragraphs.length === 1 && item.firstElementChild === only) only.replaceWith(...only.childNodes)
  }
}

/** HTML as it is sent; nothing where nothing was written. */
export function serialize(doc: Node): string {
  if (doc.childCount === 1 && doc.firstChild?.type.name === 'paragraph' && doc.textContent === '' && doc.firstChild.childCount === 0) return ''
  const ground = inert()
  const holder = ground.createElement('div')
  holder.append(DOMSerializer.fromSchema(schema).serializeFragment(doc.content, { document: ground }))
  loosen(holder)
  return holder.innerHTML
}

const foreign = [/<style[\s\S]*?<\/style>/gi, /<script[\s\S]*?<\/script>/gi, /<!--[\s\S]*?-->/g, /\s(?:style|on\w+)=(?:"[^"]*"|'[^']*'|[^\s>]+)/gi]

/** Styles and programs of other pages say nothing here, and the page's policy would report each of them. What is kept in the
 *  end is the schema's to say, and the server's.
 */
export function plainer(html: string): string {
  return foreign.reduce((rest, pattern) => rest.replace(pattern, ''), html)
}

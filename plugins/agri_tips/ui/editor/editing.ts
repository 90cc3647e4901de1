// The editor itself: ProseMirror with our schema, keys and pictures. It sets no style attribute and no style sheet.
import { baseKeymap, chainCommands, createParagraphNear, liftEmptyBlock, newlineInCode, splitBlock } from 'prosemirror-commands'
import { history, redo, undo } from 'prosemirror-history'
import { keymap } from 'prosemirror-keymap'
import { splitListItem } from 'prosemirror-schema-list'
import { EditorState, type Command, type Plugin } from 'prosemirror-state'
import { goToNextCell, tableEditing } from 'prosemirror-tables'
import { EditorView, type NodeViewConstructor } from 'prosemirror-view'
import { commands } from './commands'
import { nodeType, parse, serialize, plainer } from './schema'

export interface Shown {
  url: string
  alt: string
}

interface Options {
  html: string
  /** A picture of the tip by its number; undefined where it is gone. */
  picture: (number: number) => Shown | undefined
  /** Said in place of a picture that is gone. */
  gone: string
  attributes: () => Record<string, string>
  changed: (html: string, state: EditorState) => void
  moved: (state: EditorState) => void
  /** Out of the text to the toolbar. */
  leave: () => void
}

const lineBreak: Command = (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodeType('hard_break').create()).scrollIntoView())
  return true
}

function plugins(leave: () => void): Plugin[] {
  const enter = chainCommands(splitListItem(nodeType('list_item')), newlineInCode, createParagraphNear, liftEmptyBlock, splitBlock)
  const out: Command = () => {
    leave()
    return true
  }
  const own = {
    'Mod-b': commands.bold, 'Mod-z': undo, 'Shift-Mod-z': redo, 'Mod-y': redo, 'Mod-Alt-2': commands.h2, 'Mod-Alt-3': commands.h3,
    'Alt-F10': out, Enter: enter, 'Shift-Enter': lineBreak, Tab: goToNextCell(1), 'Shift-Tab': goToNextCell(-1),
  }
  return [history(), keymap(own), keymap(baseKeymap), tableEditing()]
}

const pictureView = ({ picture, gone }: Options): NodeViewConstructor => (node) => {
  const dom = document.createElement('div')
  dom.className = 'at-pic'
  const found = picture(Number(node.attrs['number']))
  if (found) {
    const image = document.createElement('img')
    image.src = `${found.url}?size=small`
    image.alt = found.alt
    dom.append(image)
  } else dom.textContent = gone
  return { dom }
}

export function createEditor(host: HTMLElement, options: Options): EditorView {
  const stateOf = (html: string): EditorState => EditorState.create({ doc: parse(html), plugins: plugins(options.leave) })
  const view: EditorView = new EditorView(host, {
    state: stateOf(options.html),
    attributes: options.attributes,
    nodeViews: { picture: pictureView(options) },
    transformPastedHTML: plainer,
    dispatchTransaction: (tr) => {
      const state = view.state.apply(tr)
      view.updateState(state)
      if (tr.docChanged) options.changed(serialize(state.doc), state)
      options.moved(state)
    },
  })
  return view
}

/** Another text from outside; what was undone before belongs to the old one. */
export function replaceText(view: EditorView, html: string): void {
  view.updateState(EditorState.create({ doc: parse(html), plugins: view.state.plugins }))
}

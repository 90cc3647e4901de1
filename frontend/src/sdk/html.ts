// Templates without a build step and without eval: html`<${WCard} title="x"><p>…</p></${WCard}>`
import htm from 'htm'
import { h, isVNode, type Component, type VNode } from 'vue'

type Props = Record<string, unknown> | null
type Slots = Record<string, () => unknown>

const isSlots = (child: unknown): child is Slots =>
  typeof child === 'object' && child !== null && !Array.isArray(child) && !isVNode(child)

/** A component's children become its default slot, unless they are an object of slots already. */
function create(type: string | Component, props: Props, ...children: unknown[]): VNode {
  if (typeof type === 'string') return h(type, props, children as VNode[])
  if (children.length === 0) return h(type, props)
  const [only] = children
  return h(type, props, children.length === 1 && isSlots(only) ? only : { default: () => children })
}

export const html: (strings: TemplateStringsArray, ...values: unknown[]) => VNode | VNode[] = htm.bind(create)

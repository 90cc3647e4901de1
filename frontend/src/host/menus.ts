// Where plugins stand in the navigation of a surface.
import { icons, type IconName } from '@/kit/icon/icons'
import { below, pluginBase, type Surface } from '@/shared/plugin/context'
import type { PluginUi } from './contributions'

export interface PluginMenu {
  key: string
  group: string
  order: number
  /** In the reader's language. */
  label: string
  icon: IconName
  to: string
}

const known: ReadonlySet<string> = new Set(icons)
const isIcon = (name: string): name is IconName => known.has(name)

export function menusOf(plugins: readonly PluginUi[], surface: Surface, code: string): PluginMenu[] {
  return plugins.flatMap(({ id, menus }) =>
    menus.map(({ group, order, label, icon, path }) => {
      const to = below(pluginBase(surface, code, id), path)
      return { key: to, group, order, label, icon: isIcon(icon) ? icon : 'blocks', to }
    }),
  )
}

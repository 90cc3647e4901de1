// Hits as the console opens them: a tenant of the acting one's subtree in the tree, a plugin's row on its console page. What has
// no page here is shown by the portal.
import { computed, type ComputedRef } from 'vue'
import { useContributions, type PluginUi } from '@/host/contributions'
import { findPage } from '@/host/pages'
import type { Completion, Hit } from '@/shared/search/answers'
import type { Link } from '../links'

type Named = Pick<Hit | Completion, 'kind' | 'tenant' | 'url'>

export function linkIn(code: string, plugins: readonly PluginUi[], { kind, tenant, url }: Named): Link {
  if (kind === 'tenant') {
    if (tenant.code === code) return { to: `/console/${code}/tree` }
    return tenant.ancestors.some((above) => above.code === code) ? { to: `/console/${code}/tree/${tenant.code}` } : { href: url }
  }
  const [, place, , id, ...rest] = url.split('/')
  const page = place === code && findPage(plugins.filter((plugin) => plugin.id === id), rest.join('/'))
  return page ? { to: `/console${url}` } : { href: url }
}

export function useConsoleLinks(code: ComputedRef<string>): (hit: Named) => Link {
  const { data } = useContributions('console', code)
  const plugins = computed(() => data.value ?? [])
  return (hit) => linkIn(code.value, plugins.value, hit)
}

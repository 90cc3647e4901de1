// What a program may do, in the words of the page on which it was allowed. `openid` says nothing that a person would have to weigh.
import { t } from '@/shared/i18n/i18n'

export function sayScopes(scopes: readonly string[]): string {
  const said = scopes.filter((scope) => scope !== 'openid').map((scope) => t(`identity.oauth_scope.${scope.replace(':', '_')}`))
  return said.length > 0 ? said.join(t('portal.programs.separator')) : t('portal.programs.only_you')
}

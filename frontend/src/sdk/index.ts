// @wuji/sdk, served as /sdk/v1/index.js: all that a plugin may touch beside Vue and the kit. Its major is in the URL.
export const sdkVersion = '1.0.0'

export { html } from './html'
export { api } from './request'
export { createApi, ifMatch } from '@/shared/api/client'
export { Problem } from '@/shared/api/problem'
export { formatNumber, formatShort, formatTime, formatTotal } from '@/shared/i18n/format'
export { currentLocale } from '@/shared/i18n/i18n'
export { usePlace } from '@/shared/place/place'
export { useSession } from '@/shared/session/session'
export { useTitle } from '@/shared/title/title'
export { useList } from '@/shared/list/list'
export { useListState } from '@/shared/list/list-state'

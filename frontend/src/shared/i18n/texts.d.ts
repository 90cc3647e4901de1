declare module 'virtual:texts/zh-CN' {
  import type { Texts } from '@/shared/i18n/i18n'
  const texts: Texts
  export default texts
}
declare module 'virtual:texts/en' {
  import type { Texts } from '@/shared/i18n/i18n'
  const texts: Texts
  export default texts
}

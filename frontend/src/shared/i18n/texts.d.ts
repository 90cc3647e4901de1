declare module 'virtual:texts/*' {
  import type { Texts } from '@/shared/i18n/i18n'
  const texts: Texts
  export default texts
}

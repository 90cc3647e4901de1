// The pages of 每月农话, by the names under which the server lists them. What residents read comes at once; the console's, the
// editor's and the TV's code when somebody opens them.
import { defineAsyncComponent } from 'vue'
import './style.css'

export { default as CropChoice } from './portal/CropChoice.vue'
export { default as TipPage } from './portal/TipPage.vue'
export { default as TipsPage } from './portal/TipsPage.vue'
export const TipEditor = defineAsyncComponent(() => import('./editor/TipEditor.vue'))
export const TipOnTv = defineAsyncComponent(() => import('./tv/TipOnTv.vue'))
export const TipsConsole = defineAsyncComponent(() => import('./console/TipsConsole.vue'))
export const TipsOnTv = defineAsyncComponent(() => import('./tv/TipsOnTv.vue'))

// The pages of 驿站态势, by the names under which the server lists them. What residents read comes at once; the pages of console
// and TV when somebody opens them.
import { defineAsyncComponent } from 'vue'
import './style.css'

export { default as StationNow } from './portal/StationNow.vue'
export { default as StationsNear } from './portal/StationsNear.vue'
export const AlarmsPage = defineAsyncComponent(() => import('./console/AlarmsPage.vue'))
export const ComparisonPage = defineAsyncComponent(() => import('./console/ComparisonPage.vue'))
export const PlanningPage = defineAsyncComponent(() => import('./console/PlanningPage.vue'))
export const RulesPage = defineAsyncComponent(() => import('./console/RulesPage.vue'))
export const SlotsPage = defineAsyncComponent(() => import('./console/SlotsPage.vue'))
export const StationEditor = defineAsyncComponent(() => import('./form/StationEditor.vue'))
export const StationPage = defineAsyncComponent(() => import('./console/StationPage.vue'))
export const StationsPage = defineAsyncComponent(() => import('./console/StationsPage.vue'))
export const StationsOnTv = defineAsyncComponent(() => import('./tv/StationsOnTv.vue'))

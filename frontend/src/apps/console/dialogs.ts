// Dialogs of the shell: nobody waits for them when a console opens.
import { defineAsyncComponent } from 'vue'

export const LoginAgain = defineAsyncComponent(() => import('./LoginAgain.vue'))
export const StepUp = defineAsyncComponent(() => import('./StepUp.vue'))
export const SwitchPlace = defineAsyncComponent(() => import('./SwitchPlace.vue'))

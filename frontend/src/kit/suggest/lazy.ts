// The list of suggestions, fetched when somebody first types: every page has a search box, and most visits leave it alone.
import { defineAsyncComponent } from 'vue'

export const LazySuggestions = defineAsyncComponent(() => import('./WSuggestions.vue'))

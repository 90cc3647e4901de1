// The router of every test: any address leads nowhere, and may be pushed.
import { createMemoryHistory, createRouter } from 'vue-router'

export const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: { render: () => null } }] })

// Parts are tested with the real texts, in Chinese, attached to a page so that focus is real.
import { config, enableAutoUnmount } from '@vue/test-utils'
import { afterEach } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { i18n } from '@/shared/i18n/i18n'

const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: { render: () => null } }] })

config.global.plugins = [i18n, router]
enableAutoUnmount(afterEach)

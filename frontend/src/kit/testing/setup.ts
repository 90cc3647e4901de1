// Parts are tested with the real texts, in Chinese, attached to a page so that focus is real.
import { config, enableAutoUnmount } from '@vue/test-utils'
import { afterEach } from 'vitest'
import chinese from 'virtual:texts/zh-CN'
import { putTexts } from '@/shared/i18n/i18n'
import { router } from './router'

putTexts({ chinese, english: () => import('virtual:texts/en') })
config.global.plugins = [router]
enableAutoUnmount(afterEach)

// The build of a plugin's pages: one module on the host's Vue, and none with a Vue of its own.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { build } from 'vite'
import { refuseSecondVue, wujiPlugin } from './plugin.ts'

let folder = ''
const page = `<script setup lang="ts">
import { ref } from 'vue'
import { usePlugin } from '@wuji/sdk'
import { WCard } from '@wuji/ui'
const count = ref<number>(0)
const { to } = usePlugin()
</script>
<template><WCard :title="to('')"><b class="count">{{ count }}</b></WCard></template>
<style>.count { color: var(--brand) }</style>
`

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ui-'))
  writeFileSync(join(folder, 'index.ts'), "export { default as Page } from './Page.vue'\n")
  writeFileSync(join(folder, 'Page.vue'), page)
})
afterAll(() => rmSync(folder, { recursive: true }))

it('makes one module on what the host shares, and one sheet', async () => {
  await build({ root: folder, configFile: false, logLevel: 'silent', plugins: [wujiPlugin()] })
  const code = readFileSync(join(folder, 'dist/index.js'), 'utf8')
  const imported = [...code.matchAll(/from ?"([^"]+)"/g)].map((found) => found[1])
  expect(imported.sort()).toEqual(['/sdk/v1/index.js', '/sdk/v1/ui.js', '/sdk/v1/vue.js'])
  expect(code).toContain('as Page')
  expect(readFileSync(join(folder, 'dist/style.css'), 'utf8')).toContain('.count')
})

it('refuses a Vue of its own', () => {
  const bundle = (...moduleIds: string[]) => ({ 'index.js': { type: 'chunk', fileName: 'index.js', moduleIds } }) as never
  expect(() => refuseSecondVue(bundle('/p/ui/index.ts', '/p/node_modules/@vue/reactivity/dist/reactivity.esm-bundler.js'))).toThrow('a Vue of its own')
  expect(() => refuseSecondVue(bundle('/p/ui/index.ts', '/p/node_modules/vue-something/index.js'))).not.toThrow()
})

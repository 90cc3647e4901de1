import { resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { catalogues } from './build/catalogues.ts'
import { base, entries, facades } from './build/entries.ts'
import { libraries } from './build/libraries.ts'
import { forFlask } from './build/flask.ts'
import { narrowReka } from './build/reka.ts'
import { sharedModules } from './build/sdk.ts'
import { iconSprite } from './build/sprite.ts'

const pages = Object.keys(entries).map((name) => [name, resolve(`${name}.html`)])
const shared = Object.entries(facades).map(([name, { file }]) => [`sdk-${name}`, resolve(file)])
const backEnd = process.env['WUJI_DEV_BACK_END'] ?? 'http://127.0.0.1:8000'

export default defineConfig({
  base,
  plugins: [vue(), catalogues(), iconSprite(), sharedModules(), narrowReka(), forFlask()],
  resolve: {
    alias: { '@': resolve('src'), '@wuji/sdk': resolve('src/sdk/index.ts'), '@wuji/ui': resolve('src/sdk/ui.ts'), '@wuji/charts': resolve('src/sdk/charts.ts'), '@wuji/tv': resolve('src/sdk/tv.ts'), '@wuji/testing': resolve('src/sdk/testing.ts') },
    // Plugins and their tests lie outside this folder and have no node_modules of their own.
    dedupe: ['vue', 'vitest', '@vue/test-utils', ...libraries],
  },
  define: {
    // Hand-written plugins may use data() and methods; without this they break in silence.
    __VUE_OPTIONS_API__: true,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
  },
  build: {
    target: ['chrome87', 'safari14', 'firefox78'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: Object.fromEntries([...pages, ...shared]) as Record<string, string>,
      // A facade exports what plugins use, not what the host happens to use.
      preserveEntrySignatures: 'exports-only',
      output: {
        codeSplitting: {
          groups: [
            { name: 'vue', test: /node_modules[\\/](@vue|vue)[\\/]/ },
            { name: 'base', test: /node_modules[\\/](vue-router|@tanstack|openapi-fetch)[\\/]/ },
            // What the first page of every app shows, in one file: apart these were a dozen, and packed worse. Its sheet comes first.
            { name: 'parts', test: /[\\/]src[\\/](apps[\\/]\w+\.ts|shared[\\/](api|elder|i18n|place|storage|theme|title)[\\/]|kit[\\/](kit\.css|(button|icon|level-badge|not-found|note|skeleton|state|terraces|toast)[\\/]))/ },
            { name: 'echarts', test: /node_modules[\\/](echarts|zrender|tslib)[\\/]/ },
            { name: 'reka', test: /node_modules[\\/](reka-ui|@floating-ui|@vueuse|@internationalized|aria-hidden|defu|ohash)[\\/]/ },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    strictPort: true,
    fs: { allow: [resolve('..')] },
    proxy: Object.fromEntries(['/api', '/plugins', '/oauth', '/live'].map((path) => [path, backEnd])),
  },
  test: {
    environment: 'happy-dom',
    // style sheets that a page asks for are not there in these tests
    environmentOptions: { happyDOM: { settings: { handleDisabledFileLoadingAsSuccess: true } } },
    include: ['src/**/*.test.ts', 'build/**/*.test.ts', '../plugins/*/ui/**/*.test.ts'],
    setupFiles: ['src/kit/testing/setup.ts'],
    restoreMocks: true,
  },
})

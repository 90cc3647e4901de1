// The build of a plugin's pages: `index.ts` becomes one ES module and one style sheet, on the host's own Vue and kit.
import vue from '@vitejs/plugin-vue'
import type { Plugin, Rolldown, UserConfig } from 'vite'
import { facades } from './entries.ts'

/** What the host shares, at the addresses where it is served for good: no import map is needed. */
const shared = Object.fromEntries(Object.entries(facades).map(([name, { bare }]) => [bare, `/sdk/v1/${name}.js`]))

const ownVue = /[\\/]node_modules[\\/](vue|@vue[\\/](?!shared)[\w-]+)[\\/]/

/** A plugin with a Vue of its own looks alive and never updates. */
export function refuseSecondVue(bundle: Rolldown.OutputBundle): void {
  for (const item of Object.values(bundle)) {
    if (item.type !== 'chunk') continue
    const found = item.moduleIds.find((id) => ownVue.test(id))
    if (found !== undefined) throw new Error(`${item.fileName} carries a Vue of its own (${found}): import from 'vue', '@wuji/sdk' and '@wuji/ui' alone`)
  }
}

const config: UserConfig = {
  build: {
    lib: { entry: 'index.ts', formats: ['es'], fileName: () => 'index.js', cssFileName: 'style' },
    outDir: 'dist',
    emptyOutDir: true,
    target: ['chrome87', 'safari14', 'firefox78'],
    assetsInlineLimit: 0,
    // A library's build keeps its white space; this one is sent to phones as it is.
    rolldownOptions: { output: { minify: true, chunkFileNames: '[name]-[hash].js' } },
  },
  define: { 'process.env.NODE_ENV': '"production"' },
  publicDir: false,
}

/** `plugins: [wujiPlugin()]` in the Vite configuration of a folder that holds `index.ts`. */
export function wujiPlugin(): Plugin[] {
  return [
    vue(),
    {
      name: 'wuji-plugin',
      enforce: 'pre',
      config: () => config,
      resolveId: (id) => (shared[id] === undefined ? undefined : { id: shared[id], external: 'absolute' }),
      generateBundle: (_options, bundle) => refuseSecondVue(bundle),
    },
  ]
}

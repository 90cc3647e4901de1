// Builds one plugin: `vite build <its ui folder> --config vite.plugin.ts`.
import { defineConfig } from 'vite'
import { ourLibraries } from './build/libraries.ts'
import { wujiPlugin } from './build/plugin.ts'

export default defineConfig({ plugins: [ourLibraries(), wujiPlugin()] })

// Reka asks all of Vue whether it has a useId; for that a bundler builds an object of everything that Vue exports.
import type { Plugin } from 'vite'

const whole = 'import * as vue from "vue";'
const named = 'import { useId as ofVue } from "vue"; const vue = { useId: ofVue };'

/** Names the one thing that is asked for: the object is 1.2 kB of every first visit. */
export function narrowReka(): Plugin {
  return {
    name: 'wuji-narrow-reka',
    apply: 'build',
    transform: {
      filter: { id: /[\\/]reka-ui[\\/]dist[\\/]shared[\\/]useId\.js$/ },
      handler(code) {
        if (!code.includes(whole)) throw new Error('reka-ui asks for Vue in another way now: see whether build/reka.ts is still needed')
        return { code: code.replace(whole, named), map: null }
      },
    },
  }
}

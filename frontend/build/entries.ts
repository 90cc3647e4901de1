// The apps of this house: an entry is its HTML file beside package.json, a folder in src/apps, and one line here.

export interface Entry {
  /** First path segments that this entry answers; the entry with none answers the rest. */
  segments: readonly string[]
  /** What a first visit may download, in kB of brotli: HTML, styles and every script the page waits for. */
  budget: number
}

export const entries: Record<string, Entry> = {
  portal: { segments: [], budget: 100 },
  console: { segments: ['console'], budget: 158 },
  screen: { segments: ['screen'], budget: 102 },
  tv: { segments: ['tv'], budget: 102 },
}

/** Facades that plugins share with the host: served for good as /sdk/v1/<name>.js, importable by bare name. */
export const facades: Record<string, { file: string; bare: string }> = {
  vue: { file: 'src/sdk/vue.ts', bare: 'vue' },
  index: { file: 'src/sdk/index.ts', bare: '@wuji/sdk' },
  ui: { file: 'src/sdk/ui.ts', bare: '@wuji/ui' },
  tv: { file: 'src/sdk/tv.ts', bare: '@wuji/tv' },
  charts: { file: 'src/sdk/charts.ts', bare: '@wuji/charts' },
}

export const base = '/ui/'

export function entryOf(path: string): string {
  const segment = path.split('/')[1] ?? ''
  const found = Object.keys(entries).find((name) => entries[name]?.segments.includes(segment))
  return found ?? 'portal'
}

// @wuji/ui, served as /sdk/v1/ui.js: the parts a plugin's pages are built from.
export * from '@/kit'

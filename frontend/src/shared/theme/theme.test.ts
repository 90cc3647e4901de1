import { nextTick, ref } from 'vue'
import { afterEach, expect, it } from 'vitest'
import { followTheme } from './theme'

const sheets = () => [...document.head.querySelectorAll('link#theme')].map((sheet) => sheet.getAttribute('href'))

afterEach(() => {
  document.head.innerHTML = ''
})

it('keeps the sheet that the server put there, and exchanges it with the place', async () => {
  document.head.innerHTML = '<link id="theme" rel="stylesheet" href="/3407/theme.css">'
  const kept = document.getElementById('theme')
  const code = ref<string | undefined>('3407')
  followTheme(code)
  expect(document.getElementById('theme')).toBe(kept)
  code.value = '0001'
  await nextTick()
  expect(sheets()).toEqual(['/0001/theme.css'])
  code.value = undefined
  await nextTick()
  expect(sheets()).toEqual([])
})

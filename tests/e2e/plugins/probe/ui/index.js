// Written by hand, run without a build: what a plugin may be at its smallest, and what may be wrong with one.
import { ref } from 'vue'
import { html, usePlugin, useTexts } from '@wuji/sdk'
import { WButton, WCard } from '@wuji/ui'

export const Home = {
  setup() {
    const { t } = useTexts()
    const { to, place } = usePlugin()
    const count = ref(0)
    const press = () => (count.value += 1)
    return () => html`<div class="probe stack">
      <h1>${t('title')}</h1>
      <${WCard} title=${place.value ? place.value.place.name : ''}>
        <p role="status">${t('count', { count: count.value })}</p>
        <${WButton} onClick=${press}>${t('press')}</${WButton}>
        <${WButton} to=${to('rows/7')}>${t('row', { row: 7 })}</${WButton}>
      </${WCard}>
    </div>`
  },
}

export const Row = {
  setup() {
    const { t } = useTexts()
    const { params } = usePlugin()
    return () => html`<h1>${t('row', { row: params.value.row })}</h1>`
  },
}

export const Throws = {
  setup() {
    throw new Error('on purpose')
  },
}

export const Mine = {
  setup() {
    const { t } = useTexts()
    const { code } = usePlugin()
    return () => html`<${WCard} title=${t('title')}><p>${t('mine', { code: code.value })}</p></${WCard}>`
  },
}

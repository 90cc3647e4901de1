// What plugins may import. A name that goes, or changes, is a new major of the SDK.
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import * as vue from 'vue'
import WCard from '@/kit/card/WCard.vue'
import * as charts from './charts'
import * as sdk from './index'
import * as tv from './tv'
import * as ui from './ui'
import * as facade from './vue'

it('keeps its names', () => {
  expect({ sdk: Object.keys(sdk).sort(), ui: Object.keys(ui).sort(), charts: Object.keys(charts).sort(), tv: Object.keys(tv).sort() }).toMatchSnapshot()
})

it('gives the host its own Vue, whole', () => {
  const names = (module: object): string[] => Object.keys(module).filter((name) => name !== '__esModule').sort()
  expect(names(facade)).toEqual(names(vue))
  expect(facade.ref).toBe(vue.ref)
})

it('builds pages without a build step', () => {
  const { html } = sdk
  const Page = { setup: () => () => html`<div><h1>每月农话</h1><${WCard} title="本月"><p>六篇</p></${WCard}></div>` }
  const page = mount(Page)
  expect(page.get('h1').text()).toBe('每月农话')
  expect(page.get('.w-card h2').text()).toBe('本月')
  expect(page.get('.w-card p').text()).toBe('六篇')
})

it('passes an object of slots on as slots', () => {
  const { html } = sdk
  const slots = { footer: () => html`<span>脚注</span>` }
  const page = mount({ render: () => html`<${WCard} title="本月">${slots}</${WCard}>` })
  expect(page.get('footer').text()).toBe('脚注')
})

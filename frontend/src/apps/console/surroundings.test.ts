import { expect, it } from 'vitest'
import { enterable } from './surroundings'

const city = { code: '3407', name: '铜陵市', level: 1 as const }
const county = { code: '340722', name: '枞阳县', level: 2 as const }
const town = { code: '340722106', name: '横埠镇', level: 3 as const }

it('shows of the way down what the reader may enter: from where they act, and nothing above', () => {
  expect(enterable([city, county, town], ['340722'])).toEqual([county, town])
  expect(enterable([city, county, town], ['3407', '340722106'])).toEqual([city, county, town])
  expect(enterable([city, county, town], ['340722106200'])).toEqual([])
})

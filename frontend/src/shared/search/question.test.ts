import { expect, it } from 'vitest'
import { partsOf } from './marks'
import { cleared, isOn, narrowingsOf, questionOf, toggled, toQuery, type Question } from './question'

const value = (name: string, label = name, since: string | null = null, until: string | null = null) => ({ value: name, label, count: 3, since, until })
const thisYear = value('this_year', '今年', '2026-01-01T00:00:00+08:00')
const lastYear = value('last_year', '去年', '2025-01-01T00:00:00+08:00', '2026-01-01T00:00:00+08:00')
const rice = value('crop:rice', '水稻')
const facets = [{ name: 'kind', label: '类型', values: [value('tenant', '组织'), value('agri_tips.tip', '农话')] }, { name: 'time', label: '时间', values: [thisYear, lastYear] }, { name: 'crop', label: '作物', values: [rice] }]
const plain: Question = { q: '纹枯病', facet: [] }

it('goes through the address and back', () => {
  const asked: Question = { q: '纹枯病', kind: 'agri_tips.tip', level: '3', facet: ['crop:rice', 'month:7'], since: thisYear.since ?? '', sort: 'newest' }
  expect(questionOf(toQuery(asked) as never)).toEqual(asked)
  expect(questionOf({ q: [' 稻 ', '麦'], facet: ['x', null, 'crop:rice'], sort: 'sideways', kind: '' })).toEqual({ q: '稻', facet: ['crop:rice'] })
  expect(questionOf({})).toEqual({ q: '', facet: [] })
})

it('puts one value of a facet in the place of another, and takes it away again', () => {
  const kind = toggled(plain, 'kind', value('tenant'))
  expect(kind).toEqual({ ...plain, kind: 'tenant' })
  const other = toggled(kind, 'kind', value('agri_tips.tip'))
  expect(other.kind).toBe('agri_tips.tip')
  expect(toggled(other, 'kind', value('agri_tips.tip'))).toEqual(plain)
  const crop = toggled({ ...plain, facet: ['crop:cotton', 'month:7'] }, 'crop', rice)
  expect(crop.facet).toEqual(['month:7', 'crop:rice'])
})

it('narrows to a time by its two ends', () => {
  const last = toggled(plain, 'time', lastYear)
  expect(last).toEqual({ ...plain, since: lastYear.since, until: lastYear.until })
  expect([isOn(last, 'time', lastYear), isOn(last, 'time', thisYear), isOn(plain, 'time', thisYear)]).toEqual([true, false, false])
  expect(toggled(last, 'time', thisYear)).toEqual({ ...plain, since: thisYear.since })
  expect(toggled(last, 'time', lastYear)).toEqual(plain)
})

it('names what narrows, also where the answer does not know it any more', () => {
  const asked: Question = { q: '稻', kind: 'tenant', place: '340722', since: '2001-01-01T00:00:00Z', facet: ['crop:rice', 'crop:tea'] }
  expect(narrowingsOf(asked, facets).map(({ facet, value: { label } }) => [facet, label])).toEqual([['kind', '组织'], ['crop', '水稻'], ['place', '340722'], ['time', ''], ['crop', 'tea']])
  expect(narrowingsOf(cleared({ ...asked, sort: 'newest' }), facets)).toEqual([])
  expect(cleared({ ...asked, sort: 'newest' })).toEqual({ q: '稻', facet: [], sort: 'newest' })
})

it('takes a highlight apart, and nothing but marks is markup', () => {
  expect(partsOf('水稻<mark>纹枯病</mark>：A &amp; B')).toEqual([{ text: '水稻', isMarked: false }, { text: '纹枯病', isMarked: true }, { text: '：A & B', isMarked: false }])
  expect(partsOf('&lt;img src=x onerror=&quot;1&quot;&gt;&amp;lt;')).toEqual([{ text: '<img src=x onerror="1">&lt;', isMarked: false }])
  expect(partsOf('<b>x</b><mark>y')).toEqual([{ text: '<b>x</b><mark>y', isMarked: false }])
  expect(partsOf('')).toEqual([])
})

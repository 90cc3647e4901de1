import { expect, it } from 'vitest'
import { lookOf } from './health'
import { changesOf, isBusy, leftAlone, mayApply, notesOf } from './packs'
import { spanOf } from './span'

it('says how far behind in one unit', () => {
  expect([0, 89.4, 90, 5399, 5400, 86400, 200_000].map((seconds) => Object.values(spanOf(seconds)).join(' '))).toEqual(['seconds 0', 'seconds 89', 'minutes 2', 'minutes 90', 'hours 2', 'hours 24', 'days 2'])
})

it('names the first thing that is wrong with a consumer', () => {
  const word = (paused: boolean, fault: string | null, lag: number | null) => lookOf({ paused, fault, lag_seconds: lag }).word
  expect([word(true, 'x', 900), word(false, 'x', 900), word(false, null, 900), word(false, null, 3), word(false, null, null)]).toEqual(['paused', 'fault', 'behind', 'fine', 'fine'])
})

it('says what a pack changes, and lets only that be applied which somebody has seen', () => {
  const outcome = { added: 12, first_added: [{ code: '1', name: '甲村', level: 'community' }], renamed: 0, first_renamed: [], roles: ['clerk'], rules: [], profile: [], left_alone: 3, notes: ['少一行'] }
  expect(changesOf(outcome)).toEqual([
    { key: 'added', count: 12, names: ['甲村'] },
    { key: 'roles', count: 1, names: ['clerk'] },
  ])
  expect([leftAlone(outcome), notesOf(outcome), changesOf({})]).toEqual([3, ['少一行'], []])
  const pack = (kind: string, state: string, found: Record<string, unknown> | null) => ({ id: 'p', code: '3407', name: '包', job: { kind, state, progress: 0, problem: null, outcome: found, created_at: '', finished_at: null } })
  const able = [pack('pack.compare', 'done', outcome), pack('pack.compare', 'done', {}), pack('pack.compare', 'running', null), pack('pack.apply', 'done', outcome)].map(mayApply)
  expect([...able, mayApply({ ...pack('', '', null), job: null })]).toEqual([true, false, false, false, false])
  expect([isBusy(pack('pack.apply', 'running', null)), isBusy(pack('pack.apply', 'done', outcome))]).toEqual([true, false])
})

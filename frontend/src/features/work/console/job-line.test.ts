import { VueQueryPlugin } from '@tanstack/vue-query'
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import type { Job } from '@/shared/jobs/jobs'
import JobLine from './JobLine.vue'

const job = (own: Partial<Job>): Job => ({
  id: 'j1', kind: 'list.export', title: '日志', state: 'running', progress: 42, cancel_asked: false, attempts: 1, next_at: null, fault: null, problem: null,
  tenant_code: '3407', tenant_name: '铜陵市', created_at: '2026-07-23T08:00:00Z', finished_at: null, file_name: null, file_size: null, file_expires_at: null, ...own,
})
const show = (own: Partial<Job>) => mount(JobLine, { props: { job: job(own) }, global: { plugins: [VueQueryPlugin] } })

it('says how far it has come and can be stopped once', () => {
  const running = show({})
  expect(running.get('progress').attributes()).toMatchObject({ value: '42', 'aria-label': '导出日志，做了 42%' })
  expect(running.findAll('button').map((button) => [button.text(), button.attributes('disabled')])).toEqual([['停下', undefined]])
  const stopping = show({ cancel_asked: true })
  expect(stopping.text()).toContain('正在停下')
  expect(stopping.get('button').attributes('disabled')).toBeDefined()
})

it('says why it failed, and offers to do it again', () => {
  const failed = show({ state: 'failed', finished_at: '2026-07-23T08:01:00Z', problem: { title: '内容太多', detail: '一次最多导出 1,000,000 行。' } })
  expect(failed.text()).toContain('一次最多导出 1,000,000 行。')
  expect(failed.find('progress').exists()).toBe(false)
  expect(failed.get('button').text()).toBe('再做一次')
  expect(show({ state: 'waiting', problem: { title: '', detail: '连不上' }, next_at: '2026-07-23T08:02:00Z' }).text()).toContain('自动再试')
})

it('offers the file while it is kept, and says so when it is gone', () => {
  const done = show({ state: 'done', file_name: '日志.csv', file_size: 3_214_000, file_expires_at: '2999-01-01T00:00:00Z' })
  expect(done.get('a').attributes('href')).toBe('/api/v1/me/jobs/j1/file')
  expect(done.text()).toContain('3.2 MB')
  const gone = show({ state: 'done', file_name: '日志.csv', file_size: 820_000, file_expires_at: '2026-01-01T00:00:00Z' })
  expect(gone.find('a').exists()).toBe(false)
  expect(gone.text()).toContain('已经删除')
})

import { expect, it, vi } from 'vitest'
import { askAgain } from './again'

const answer = (status: number, tag: string | null, data?: string) => ({ data, response: new Response(null, { status, headers: tag === null ? {} : { ETag: tag } }) })

it('says what it read before, and keeps it where nothing has changed', async () => {
  const ask = vi.fn<(headers: Record<string, string>) => Promise<ReturnType<typeof answer>>>()
  ask.mockResolvedValueOnce(answer(200, 'W/"a"', '一')).mockResolvedValueOnce(answer(304, 'W/"a"')).mockResolvedValueOnce(answer(200, 'W/"b"', '二'))
  expect([await askAgain('one', ask), await askAgain('one', ask), await askAgain('one', ask)]).toEqual(['一', '一', '二'])
  expect(ask.mock.calls.map(([headers]) => headers)).toEqual([{}, { 'If-None-Match': 'W/"a"' }, { 'If-None-Match': 'W/"a"' }])
})

it('keeps nothing of an answer without a tag, and takes no unasked 304 for an answer', async () => {
  const ask = vi.fn<(headers: Record<string, string>) => Promise<ReturnType<typeof answer>>>().mockResolvedValue(answer(200, null, '三'))
  await askAgain('other', ask)
  await askAgain('other', ask)
  expect(ask.mock.calls[1]).toEqual([{}])
  await expect(askAgain('third', () => Promise.resolve(answer(304, 'W/"a"')))).rejects.toMatchObject({ status: 502 })
})

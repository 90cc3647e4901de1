import { expect, it } from 'vitest'
import { linesOf, minutesToHear, minutesToRead, utterancesOf } from './reading'

it('reads clean HTML line by line', () => {
  expect(linesOf('<h2>怎么查</h2><p>上午看。<br>下午不看。</p><ol><li>扒开<b>稻丛</b></li><li>数一数</li></ol>')).toEqual(['怎么查', '上午看。', '下午不看。', '扒开稻丛', '数一数'])
  expect(linesOf('')).toEqual([])
})

it('says how long it takes, never less than a minute', () => {
  expect([minutesToRead(['短']), minutesToRead(['字'.repeat(900)]), minutesToHear(['字'.repeat(880)])]).toEqual([1, 3, 4])
})

it('speaks whole sentences, none too long for a voice', () => {
  const spoken = utterancesOf(['先看田边。再定打不打药！', '长'.repeat(100) + '。' + '句'.repeat(100) + '。'])
  expect(spoken).toEqual(['先看田边。再定打不打药！', '长'.repeat(100) + '。', '句'.repeat(100) + '。'])
})

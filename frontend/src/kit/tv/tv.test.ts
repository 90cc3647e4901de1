// The player: its buttons, its end, and what it says when nothing can be played.
import { mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import { closeLast } from '@/shared/tv/back'
import TvPlayer from './TvPlayer.vue'

const props = { src: '/film.mp4', label: '晒田' }

it('plays, pauses, skips and closes by its buttons', async () => {
  const play = vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue()
  const pause = vi.spyOn(HTMLMediaElement.prototype, 'pause').mockReturnValue()
  const player = mount(TvPlayer, { props })
  const [toggle, back, on, close] = player.findAll('button')
  const video = player.get('video')
  expect(toggle?.text()).toBe('播放')
  await toggle?.trigger('click')
  expect(play).toHaveBeenCalledOnce()
  await video.trigger('play')
  expect(toggle?.text()).toBe('暂停')
  await toggle?.trigger('click')
  expect(pause).toHaveBeenCalledOnce()
  await on?.trigger('click')
  expect(video.element.currentTime).toBe(10)
  await back?.trigger('click')
  expect(video.element.currentTime).toBe(0)
  await close?.trigger('click')
  expect(player.emitted('close')).toHaveLength(1)
})

it('is what "back" closes, as long as it stands', () => {
  const player = mount(TvPlayer, { props })
  expect(closeLast()).toBe(true)
  expect(player.emitted('close')).toHaveLength(1)
  player.unmount()
  expect(closeLast()).toBe(false)
})

it('says that a film cannot be played', async () => {
  const player = mount(TvPlayer, { props })
  await player.get('video').trigger('error')
  expect(player.get('[role=alert]').text()).toContain('播放不了')
})

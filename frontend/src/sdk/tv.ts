// @wuji/tv, served as /sdk/v1/tv.js: parts of pages for a TV, which a remote's arrows, OK and back move through.
export { default as TvButton } from '@/kit/tv/TvButton.vue'
export { default as TvPlayer } from '@/kit/tv/TvPlayer.vue'
export { default as TvTake } from '@/kit/tv/TvTake.vue'
export { default as TvText } from '@/kit/tv/TvText.vue'
export { default as TvTile } from '@/kit/tv/TvTile.vue'
export { useBack } from '@/shared/tv/back'

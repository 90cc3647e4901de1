// The icons of the sprite, by their lucide names. Plugins name icons from this list.

export const icons = [
  'a-large-small', 'activity', 'archive', 'arrow-down', 'arrow-left-right', 'arrow-up', 'badge-check', 'ban', 'bell', 'blocks', 'building',
  'calendar-days', 'chart-line', 'check', 'chevron-down', 'chevron-left', 'chevron-right', 'chevron-up', 'chevrons-up-down',
  'circle-alert', 'circle-check', 'circle-check-big', 'circle-question-mark', 'circle-x', 'clock', 'cloud-off',
  'columns-3', 'copy', 'corner-up-left', 'download', 'droplets', 'ellipsis', 'external-link', 'eye', 'file-text', 'filter',
  'flask-conical', 'flower-2', 'history', 'house', 'image', 'inbox', 'info', 'key-round', 'languages', 'layers',
  'layout-dashboard', 'lightbulb', 'link', 'list-tree', 'loader-circle', 'lock', 'log-in', 'log-out', 'mail',
  'map-pin', 'menu', 'message-circle-question-mark', 'message-square', 'message-square-text', 'mic', 'minus',
  'network', 'package-plus', 'pause', 'pencil', 'phone', 'play', 'plus', 'qr-code', 'refresh-cw', 'scroll-text',
  'search', 'settings', 'share-2', 'shield-alert', 'shield-check', 'sliders-horizontal', 'sprout', 'thermometer',
  'thumbs-up', 'trash-2', 'triangle-alert', 'tv', 'upload', 'user-round', 'users-round', 'volume-2', 'wheat',
  'wifi-off', 'x',
] as const

export type IconName = (typeof icons)[number]

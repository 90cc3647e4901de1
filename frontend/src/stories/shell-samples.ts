// What the shells show in the stories, as the mock-ups have it.
import type { NavSection } from '@/apps/console/shell'
import type { BottomTab } from '@/apps/portal/shell'
import type { Surroundings } from '@/shared/place/place'

const to = (key: string): string => `/console/340722/${key}`

export const county: Surroundings = {
  place: { code: '340722', name: '枞阳县', level: 2 },
  ancestors: [{ code: '3407', name: '铜陵市', level: 1 }],
  below: [
    { level: 3, total: { value: 17, capped: false } },
    { level: 4, total: { value: 214, capped: false } },
    { level: 5, total: { value: 642, capped: false } },
  ],
}

export const village: Surroundings = {
  place: { code: '340722112201', name: '栏桥村', level: 4 },
  ancestors: [
    { code: '3407', name: '铜陵市', level: 1 },
    { code: '340722', name: '枞阳县', level: 2 },
    { code: '340722112', name: '会宫镇', level: 3 },
  ],
  below: [],
}

export const sections: NavSection[] = [
  {
    key: 'task',
    items: [
      { key: 'today', label: '今天', icon: 'layout-dashboard', to: to('today') },
      { key: 'todo', label: '待办', icon: 'inbox', to: to('todo'), count: 7, due: true },
      { key: 'search', label: '搜索', icon: 'search', to: to('search') },
    ],
  },
  {
    key: 'organisation',
    label: '组织',
    items: [
      { key: 'tree', label: '组织树', icon: 'network', to: '/console/_kit/tree' },
      { key: 'join', label: '入驻申请', icon: 'log-in', to: to('join'), count: 3 },
      { key: 'people', label: '账号与授权', icon: 'users-round', to: to('people') },
    ],
  },
  {
    key: 'modules',
    label: '模块',
    items: [
      { key: 'tips', label: '每月农话', icon: 'sprout', to: '/console/_kit/list', count: 12 },
      { key: 'station', label: '驿站态势', icon: 'activity', to: to('station') },
      { key: 'exchange', label: '数据交换', icon: 'arrow-left-right', to: to('exchange') },
    ],
  },
  {
    key: 'administration',
    label: '管理',
    items: [
      { key: 'plugins', label: '模块治理', icon: 'blocks', to: to('plugins') },
      { key: 'settings', label: '设置', icon: 'settings', to: to('settings') },
      { key: 'journal', label: '日志', icon: 'scroll-text', to: to('journal') },
    ],
  },
]

export const tabs: BottomTab[] = [
  { key: 'home', label: '首页', icon: 'house', to: '/console/_kit/portal' },
  { key: 'search', label: '搜索', icon: 'search', to: '/search' },
  { key: 'tips', label: '农话', icon: 'sprout', to: '/tips' },
  { key: 'me', label: '我的', icon: 'user-round', to: '/me' },
]

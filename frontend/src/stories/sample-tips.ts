// A sample server for the list story: sorts, filters and cuts as the real one does.
import type { ListQuery } from '@/shared/list/list-state'
import type { Page } from '@/shared/list/list'

export interface Tip {
  id: string
  title: string
  place: string
  level: 3 | 4
  crop: string
  due: string
  sent: string
}

const words: [string, string, 3 | 4, string, string, string][] = [
  ['水稻孕穗期肥水管理', '义津镇', 3, '水稻', '2026-07-23', '2026-07-21'],
  ['梅雨后瓜田防涝三件事', '新丰村', 4, '瓜类', '2026-07-23', '2026-07-21'],
  ['高温天猪舍降温的土办法', '合龙村', 4, '生猪', '2026-07-23', '2026-07-21'],
  ['棉花盛花期查红蜘蛛', '汤沟镇', 3, '棉花', '2026-07-24', '2026-07-22'],
  ['河蟹第三次蜕壳怎么喂', '后湖村', 4, '河蟹', '2026-07-24', '2026-07-22'],
  ['茶园夏季修剪，留几片叶', '浮山镇', 3, '茶', '2026-07-24', '2026-07-22'],
  ['中蜂度夏：遮阴、喂水、防胡蜂', '大青山村', 4, '中蜂', '2026-07-24', '2026-07-22'],
  ['晚稻秧田管水', '枞阳镇', 3, '水稻', '2026-07-25', '2026-07-22'],
  ['蛋鸡歇夏，少喂多餐', '项铺镇', 3, '蛋鸡', '2026-07-25', '2026-07-23'],
  ['芝麻打顶看节气', '白柳镇', 3, '芝麻', '2026-07-25', '2026-07-23'],
  ['玉米钻心虫，抓住喇叭口', '钱铺镇', 3, '玉米', '2026-07-26', '2026-07-23'],
  ['稻虾田高温换水', '官埠桥镇', 3, '小龙虾', '2026-07-26', '2026-07-23'],
]
const tips: Tip[] = words.map(([title, place, level, crop, due, sent], index) => ({ id: String(index + 1), title, place, level, crop, due, sent }))

export async function loadTips({ q, sort = 'due', cursor, limit, crop }: ListQuery): Promise<Page<Tip>> {
  await new Promise((done) => setTimeout(done, 300))
  const field = sort.replace('-', '') as 'due' | 'sent'
  const order = sort.startsWith('-') ? -1 : 1
  const found = tips.filter((tip) => (crop === undefined || tip.crop === crop) && (q === undefined || tip.title.includes(q)))
  const sorted = found.sort((one, other) => one[field].localeCompare(other[field]) * order)
  const start = Number(cursor ?? 0)
  const end = start + limit
  return { items: sorted.slice(start, end), next: end < found.length ? String(end) : null, total: { value: found.length, capped: false } }
}

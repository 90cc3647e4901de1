// Sample words and figures of the stories; none of them is real.
import type { Suggestion } from '@/kit/suggest/suggestions'
import type { TreeNode } from '@/kit/tree/tree'

export const places: Suggestion[] = [
  { value: '340722112', label: '会宫镇', level: 3, meta: '枞阳县' },
  { value: '340706103', label: '横港镇农技站', level: 3, meta: '义安区' },
  { value: '340722108', label: '义津镇', level: 3, meta: '枞阳县' },
]

const villages = ['会宫社区', '会宫村', '栏桥村', '毕山村', '庆华村', '建设村', '老桥村', '拔茅村', '城山村', '安凤村', '晓春村', '光裕村']
const towns: [string, number][] = [['横埠镇', 88], ['项铺镇', 24], ['钱桥镇', 44], ['麒麟镇', 28], ['义津镇', 60], ['浮山镇', 20], ['会宫镇', 48], ['官埠桥镇', 44], ['钱铺镇', 36]]

export const tree: TreeNode[] = [
  {
    key: '枞阳县',
    label: '枞阳县',
    level: 2,
    count: 873,
    children: towns.map(([label, count]) => ({ key: label, label, level: 3, count })),
  },
]

/** Children come a moment later, as from a server; one town fails. */
export async function loadBelow(node: TreeNode): Promise<TreeNode[]> {
  await new Promise((done) => setTimeout(done, 200))
  if (node.label === '项铺镇') throw new Error('the story of a part that does not load')
  if (node.level === 3) return villages.map((label) => ({ key: node.key + label, label, level: 4, count: 3 }))
  return ['第一网格', '第二网格', '第三网格'].map((label) => ({ key: node.key + label, label, level: 5, leaf: true }))
}

export interface Village {
  code: string
  name: string
  tips: number
  active: string
}

export const rows: Village[] = [
  { code: '340722112001', name: '会宫社区', tips: 1, active: '今天 08:40' },
  { code: '340722112200', name: '会宫村', tips: 12, active: '今天 09:02' },
  { code: '340722112201', name: '栏桥村', tips: 103, active: '今天 09:24' },
]

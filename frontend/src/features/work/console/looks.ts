// What a job is called, and how its states look, always with a word beside.
import type { IconName } from '@/kit/icon/icons'
import type { Job } from '@/shared/jobs/jobs'

interface Look {
  tone?: 'ok' | 'warn' | 'bad' | 'info' | 'brand'
  icon: IconName
}

export const looks: Record<Job['state'], Look> = {
  waiting: { icon: 'clock' },
  running: { tone: 'info', icon: 'play' },
  done: { tone: 'ok', icon: 'check' },
  failed: { tone: 'bad', icon: 'circle-alert' },
  cancelled: { icon: 'ban' },
}

/** An export is called by its list, every other job by what it does. */
export function nameOf({ kind, title }: Pick<Job, 'kind' | 'title'>, t: (key: string, params: Record<string, string>) => string): string {
  return kind === 'list.export' ? t('console.jobs.export', { list: title }) : title
}

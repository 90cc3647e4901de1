// What the server tells and what the parts of a page hear of it. A topic is `name`, `name@tenant` or `name@tenant/subject`.

/** `changed`: ask again; `body`: here it is; `reset`: nobody knows what was missed, ask again at leisure; `lost`: no longer told. */
export type News = { kind: 'changed' | 'reset' | 'lost' } | { kind: 'body'; body: unknown }
export type Tell = (topic: string, news: News) => void

/** Of one value of a frame. */
export function newsOf(value: unknown): News {
  if (value === null) return { kind: 'lost' }
  return typeof value === 'number' ? { kind: 'changed' } : { kind: 'body', body: value }
}

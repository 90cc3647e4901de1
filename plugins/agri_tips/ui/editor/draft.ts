// A tip while it is being written: what is typed, what is saved, and the way from one to the other. Everything sent goes one
// after another, each on the version that the one before gave back; what somebody else saved meanwhile is never overwritten unseen.
import { Problem, type PluginApi } from '@wuji/sdk'
import { computed, reactive, ref, shallowRef, type ComputedRef } from 'vue'
import { type ManagedTip, type Medium } from '../tips'
import { contentOf, differing, emptyContent, pick, redescribed, type Field, type Typed } from './content'
import { keep, readKept } from './kept'

type Api = Pick<PluginApi, 'get' | 'post' | 'patch' | 'delete' | 'upload'>
const conflict = 412

export class Draft {
  readonly typed: Typed
  readonly base = shallowRef<ManagedTip | null>(null)
  /** What somebody else saved, where a saving met it. */
  readonly other = shallowRef<ManagedTip | null>(null)
  /** What was typed before a reload stands here again. */
  readonly isRestored = ref(false)
  readonly saved: ComputedRef<Typed>
  readonly isDirty: ComputedRef<boolean>
  readonly #api: Api
  readonly #code: string
  #queue: Promise<unknown> = Promise.resolve()
  /** The server cleans a body: what was sent and what came back are the same text. */
  #body = { sent: '', clean: '' }

  constructor(api: Api, code: string) {
    this.#api = api
    this.#code = code
    this.typed = reactive(emptyContent(code))
    this.saved = computed(() => (this.base.value ? contentOf(this.base.value) : emptyContent(code)))
    this.isDirty = computed(() => differing(this.typed, this.saved.value).length > 0 || redescribed(this.typed, this.saved.value).length > 0)
  }

  get #path(): string {
    return `managed-tips/${this.base.value?.id ?? ''}`
  }

  /** Begins with a tip of the server's, or with nothing; what this tab still keeps of it comes back. */
  open(tip: ManagedTip | null): void {
    this.base.value = tip
    this.other.value = null
    Object.assign(this.typed, tip ? contentOf(tip) : emptyContent(this.#code))
    const kept = readKept(this.#code, tip?.id ?? null)
    this.isRestored.value = kept !== null
    if (kept === null) return
    Object.assign(this.typed, kept.typed, { media: { ...this.typed.media, ...kept.typed.media } })
    if (tip !== null && kept.version !== tip.version) this.other.value = tip
  }

  /** Leaves this tab's copy as it is now. */
  remember(): void {
    const { id = null, version = 0 } = this.base.value ?? {}
    keep(this.#code, id, this.isDirty.value ? { version, typed: this.typed } : null)
  }

  discard(): void {
    Object.assign(this.typed, this.saved.value)
    this.isRestored.value = false
    this.remember()
  }

  #take(tip: ManagedTip): void {
    const body = tip.body === this.#body.clean ? this.#body.sent : tip.body
    this.base.value = { ...tip, body }
    for (const medium of tip.media) this.typed.media[medium.id] ??= { alt: medium.alt, caption: medium.caption, transcript: medium.transcript }
    this.remember()
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#queue.then(work)
    this.#queue = done.catch(() => undefined)
    return done
  }

  async #send(method: 'patch' | 'post' | 'delete', path: string, body?: object, text?: string): Promise<void> {
    const options = { version: this.base.value?.version ?? 0 }
    try {
      const tip = (await (method === 'delete' ? this.#api.delete(path, options) : this.#api[method](path, body, options))) as ManagedTip
      if (text !== undefined) this.#body = { sent: text, clean: tip.body }
      this.#take(tip)
    } catch (error) {
      if (error instanceof Problem && error.status === conflict) this.other.value = (await this.#api.get(this.#path)) as ManagedTip
      throw error
    }
  }

  async #save(): Promise<void> {
    const sent = pick(this.typed, differing(this.typed, this.saved.value))
    if (this.base.value === null) {
      // Its copy in this tab was that of a new one; from now on it is the tip's own.
      const tip = (await this.#api.post('managed-tips', sent)) as ManagedTip
      keep(this.#code, null, null)
      this.#body = { sent: sent.body ?? '', clean: tip.body }
      this.#take(tip)
      return
    }
    if (Object.keys(sent).length > 0) await this.#send('patch', this.#path, sent, sent.body)
    for (const [id, words] of redescribed(this.typed, this.saved.value)) await this.#send('patch', `managed-media/${id}`, words)
    this.isRestored.value = false
  }

  save(): Promise<void> {
    return this.#inTurn(() => this.#save())
  }

  /** Saves what is typed, then hands it to the level above. */
  submit(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#save()
      await this.#send('post', `${this.#path}/submit`)
    })
  }

  /** A picture belongs to a tip that is there: a new one is saved first. */
  attach(file: File, progress: (share: number) => void, signal: AbortSignal): Promise<string> {
    return this.#inTurn(async () => {
      if (this.base.value === null) await this.#save()
      const made = (await this.#api.upload(`${this.#path}/media`, { file, query: { name: file.name }, progress, signal })) as { tip: ManagedTip; media_id: string }
      this.#take(made.tip)
      return made.media_id
    })
  }

  detach(medium: Medium): Promise<void> {
    return this.#inTurn(() => this.#send('delete', `managed-media/${medium.id}`))
  }

  /** Changes places with its neighbour. */
  swap(one: Medium, other: Medium): Promise<void> {
    return this.#inTurn(async () => {
      await this.#send('patch', `managed-media/${one.id}`, { place: other.place })
      await this.#send('patch', `managed-media/${other.id}`, { place: one.place })
    })
  }

  /** After both were compared: these fields as the other has them, all others as typed; then it can be saved. */
  settle(theirs: readonly Field[]): void {
    const other = this.other.value
    if (other === null) return
    Object.assign(this.typed, pick(contentOf(other), theirs))
    this.other.value = null
    this.#take(other)
  }
}

// Sending a form: what the server refuses stands at its field, the rest above the buttons, and what was typed stays.
import { useMutation } from '@tanstack/vue-query'
import { computed } from 'vue'
import { Problem } from '@/shared/api/problem'
import { textOr } from '@/shared/i18n/i18n'

interface Form<Result> {
  send: () => Promise<Result>
  done?: (result: Result) => void
  /** Fields that show their own errors. */
  fields?: readonly string[]
}

/** Is mended by the login that the page asks for. */
const isSessionOver = ({ type }: Problem): boolean => type.endsWith(':kit.unauthenticated')

/** A fault of our own is reported as one, and leaves the form standing with all that was typed. */
function asProblem(error: unknown): never {
  if (error instanceof Problem) throw error
  reportError(error)
  throw new Problem({ type: 'about:blank', title: textOr('kit.error.title', ''), status: -1 })
}

export function useForm<Result>({ send, done, fields = [] }: Form<Result>) {
  const mutation = useMutation({ mutationFn: () => send().catch(asProblem), onSuccess: (result) => done?.(result) })
  const problem = computed<Problem | null>(() => mutation.error.value)
  const isAtFields = (found: Problem): boolean =>
    found.errors.length > 0 && found.errors.every(({ pointer }) => fields.includes(pointer.replace(/^#?\//, '')))
  return {
    busy: mutation.isPending,
    problem,
    /** What no field of the form shows. */
    rest: computed(() => (problem.value && !isAtFields(problem.value) && !isSessionOver(problem.value) ? problem.value : null)),
    errorOf: (field: string): string | undefined => problem.value?.errorOf(field),
    submit: () => {
      if (!mutation.isPending.value) mutation.mutate()
    },
    reset: () => mutation.reset(),
  }
}

// Crops, animals and what concerns all of them.
import { useAnswer, useTexts } from '@wuji/sdk'
import { computed } from 'vue'

export interface Subject {
  id: string
  zh: string
  en: string
  kind: 'crop' | 'animal' | 'other'
  aliases: string[]
}

interface Subjects {
  subjects: Subject[]
  limits: Partial<Record<string, number>>
}

export const kinds = ['crop', 'animal', 'other'] as const

export function useSubjects() {
  const { locale } = useTexts()
  const answer = useAnswer<Subjects>('subjects')
  const subjects = computed(() => answer.data.value?.subjects ?? [])
  const label = (subject: Subject): string => (locale.value === 'en' ? subject.en : subject.zh)
  return {
    answer,
    subjects,
    label,
    /** Largest file of a kind, in bytes; 0 while it is not known. */
    limitOf: (kind: string): number => answer.data.value?.limits[kind] ?? 0,
    nameOf: (id: string): string => {
      const found = subjects.value.find((subject) => subject.id === id)
      return found ? label(found) : id
    },
  }
}

/** Whose name, or another name of it, begins with or holds what was typed. */
export function matching(subjects: readonly Subject[], text: string): Subject[] {
  const wanted = text.trim().toLowerCase()
  const names = ({ zh, en, aliases }: Subject): string[] => [zh, en.toLowerCase(), ...aliases]
  return subjects.filter((subject) => names(subject).some((name) => name.includes(wanted)))
}

// What features show above a tenant's first page, handed down by the console's shell.
import { inject, type Component, type InjectionKey } from 'vue'

export const todayCards: InjectionKey<readonly Component[]> = Symbol('cards of the first page')

export const useTodayCards = (): readonly Component[] => inject(todayCards, [])

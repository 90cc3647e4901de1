// What features show on a tenant's first page, above what waits and below it, handed down by the console's shell.
import { inject, type Component, type InjectionKey } from 'vue'

export const todayCards: InjectionKey<readonly Component[]> = Symbol('cards of the first page')
export const todayBelow: InjectionKey<readonly Component[]> = Symbol('further parts of the first page')

export const useTodayCards = (): readonly Component[] => inject(todayCards, [])
export const useTodayBelow = (): readonly Component[] => inject(todayBelow, [])

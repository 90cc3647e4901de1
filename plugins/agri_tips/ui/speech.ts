// Reads aloud with the device's own voice, sentence by sentence. Nothing is sent anywhere by us.
import { onBeforeUnmount, ref, type Ref } from 'vue'

/** voice: the device has none for this language; silent: it did not begin. */
export type SpeechFault = 'voice' | 'silent'
const patience = 4000
const pace = 0.95

export interface Speech {
  isThere: boolean
  isSpeaking: Ref<boolean>
  fault: Ref<SpeechFault | null>
  toggle: (said: readonly string[], lang: string) => void
}

class Speaker implements Speech {
  readonly isSpeaking = ref(false)
  readonly fault = ref<SpeechFault | null>(null)
  readonly #voice = 'speechSynthesis' in globalThis ? globalThis.speechSynthesis : null
  #timer: ReturnType<typeof setTimeout> | undefined
  // Some browsers forget an utterance that nobody holds, and with it its end.
  #held: SpeechSynthesisUtterance[] = []

  get isThere(): boolean {
    return this.#voice !== null
  }

  stop(found: SpeechFault | null = null): void {
    clearTimeout(this.#timer)
    this.#held = []
    this.isSpeaking.value = false
    this.fault.value = found
    this.#voice?.cancel()
  }

  #utter(text: string, lang: string): SpeechSynthesisUtterance {
    const made = new SpeechSynthesisUtterance(text)
    made.lang = lang
    made.rate = pace
    made.onstart = () => clearTimeout(this.#timer)
    made.onend = () => {
      if (this.#held[this.#held.length - 1] === made) this.stop()
    }
    made.onerror = ({ error }) => {
      if (error !== 'canceled' && error !== 'interrupted') this.stop('silent')
    }
    return made
  }

  #hasVoice(lang: string): boolean {
    const voices = this.#voice?.getVoices() ?? []
    return voices.length === 0 || voices.some((one) => one.lang.slice(0, 2) === lang.slice(0, 2))
  }

  toggle(said: readonly string[], lang: string): void {
    const wasSpeaking = this.isSpeaking.value
    this.stop(wasSpeaking || this.#hasVoice(lang) ? null : 'voice')
    if (wasSpeaking || this.fault.value !== null) return
    this.#held = said.map((text) => this.#utter(text, lang))
    this.isSpeaking.value = true
    this.#timer = setTimeout(() => this.stop('silent'), patience)
    for (const one of this.#held) this.#voice?.speak(one)
  }
}

/** Falls silent when its component goes. */
export function useSpeech(): Speech {
  const speaker = new Speaker()
  onBeforeUnmount(() => speaker.stop())
  return speaker
}

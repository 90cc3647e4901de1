// What a tip is when it is read: its words without their tags, how long it takes, and the sentences to be spoken.

const silent = 300 // characters a minute that people read
const aloud = 220 // and that a voice speaks
const long = 120 // characters of one utterance: some voices fall silent in longer ones

/** The text of clean HTML, one line a block. */
export function linesOf(html: string): string[] {
  const parsed = new DOMParser().parseFromString(html, 'text/html')
  for (const block of parsed.querySelectorAll('p, li, h1, h2, h3, h4, h5, h6, td, th, blockquote, br')) block.append('\n')
  return parsed.body.textContent.split('\n').map((line) => line.trim()).filter((line) => line !== '')
}

const minutes = (text: string, pace: number): number => Math.max(1, Math.round(text.length / pace))

export const minutesToRead = (lines: readonly string[]): number => minutes(lines.join(''), silent)
export const minutesToHear = (lines: readonly string[]): number => minutes(lines.join(''), aloud)

function cut(line: string): string[] {
  const sentences = line.match(/[^\u3002\uff01\uff1f\uff1b.!?;]+[\u3002\uff01\uff1f\uff1b.!?;]*/gu) ?? []
  return sentences.reduce<string[]>((all, sentence) => {
    const last = all[all.length - 1]
    if (last !== undefined && last.length + sentence.length <= long) all[all.length - 1] = last + sentence
    else all.push(sentence)
    return all
  }, [])
}

/** What is spoken at a time. */
export const utterancesOf = (lines: readonly string[]): string[] => lines.flatMap(cut)

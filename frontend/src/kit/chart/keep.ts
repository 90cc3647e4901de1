// Charts as files: the picture with its title and date inside, the numbers as a table.
import type { Chart } from './chart'
import type { Drawing } from './draw'
import { csvOf } from './table'
import { download } from '@/shared/jobs/download'

const held = 60_000 // milliseconds for which the browser may still be reading what it saves

export interface Caption {
  title: string
  /** What period, as of when. */
  on: string
  note: string
}

/** Without what a file system refuses. */
export function fileName({ title, on }: Caption, ending: string): string {
  const name = [title, on].filter((part) => part !== '').join(' ').replace(/[\\/:*?"<>|\p{Cc}\s]+/gu, ' ').trim().slice(0, 100)
  return `${name}.${ending}`
}

function save(content: Blob, name: string): void {
  const url = URL.createObjectURL(content)
  download(url, name)
  setTimeout(() => URL.revokeObjectURL(url), held)
}

function framed(drawing: Drawing, { title, on, note }: Caption): HTMLCanvasElement {
  const inner = drawing.picture()
  const { size, font, fg, soft, bg } = drawing.palette()
  const [unit, room] = [size * 2, size * 2.5]
  const frame = document.createElement('canvas')
  frame.width = inner.width + 2 * room
  frame.height = inner.height + unit * 5.5
  const context = frame.getContext('2d')
  if (!context) throw new Error('this browser has no canvas')
  const write = (text: string, y: number, color: string, style: string): void => {
    Object.assign(context, { fillStyle: color, font: `${style} ${font}` })
    context.fillText(text, room, y, inner.width)
  }
  context.fillStyle = bg
  context.fillRect(0, 0, frame.width, frame.height)
  write(title, unit * 1.6, fg, `600 ${unit * 1.25}px`)
  write(on, unit * 2.9, soft, `${unit}px`)
  context.drawImage(inner, room, unit * 3.5)
  write(note, frame.height - unit * 0.75, soft, `${unit * 0.9}px`)
  return frame
}

export async function keepPicture(drawing: Drawing, caption: Caption): Promise<void> {
  const frame = framed(drawing, caption)
  const content = await new Promise<Blob | null>((done) => frame.toBlob(done, 'image/png'))
  if (!content) throw new Error('the picture is too large')
  save(content, fileName(caption, 'png'))
}

export function keepNumbers(chart: Chart, caption: Caption): void {
  save(new Blob([csvOf(chart)], { type: 'text/csv;charset=utf-8' }), fileName(caption, 'csv'))
}

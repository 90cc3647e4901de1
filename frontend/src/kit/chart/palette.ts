// The colours and the size of type that a drawing takes from the page it stands on.

/** A colour, or a picture that is repeated. */
export type Fill = string | { image: HTMLCanvasElement; repeat: 'repeat' }

export interface Palette {
  /** Size of the drawing's type in px; everything else is measured by it. */
  size: number
  /** Of the drawing, in px. */
  width: number
  font: string
  fg: string
  soft: string
  bg: string
  sunk: string
  page: string
  /** What is withheld: something is there, and no colour says how much. */
  hatch: Fill
  edge: string
  control: string
  grid: string
  band: string
  muted: string
  now: string
  limit: string
  tones: Readonly<Record<'ok' | 'warn' | 'bad', string>>
  /** Categories in their order, and steps from little to much. */
  categories: readonly string[]
  steps: readonly string[]
}

function hatched(size: number, ground: string, line: string): Fill {
  const image = document.createElement('canvas')
  image.width = image.height = Math.max(4, Math.round(size * 0.6))
  const context = image.getContext('2d')
  if (!context) return ground
  const side = image.width
  context.fillStyle = ground
  context.fillRect(0, 0, side, side)
  Object.assign(context, { strokeStyle: line, lineWidth: size / 10 })
  context.beginPath()
  // Its corners belong to lines of the pictures beside it.
  for (const shift of [-side, 0, side]) {
    context.moveTo(shift, side)
    context.lineTo(shift + side, 0)
  }
  context.stroke()
  return { image, repeat: 'repeat' }
}

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element)
  const of = (role: string): string => style.getPropertyValue(`--${role}`).trim()
  const size = Number.parseFloat(style.fontSize) || 12
  return {
    size,
    width: element.clientWidth,
    font: style.fontFamily,
    fg: of('fg'),
    soft: of('fg-2'),
    bg: of('bg'),
    sunk: of('bg-sunk'),
    page: of('bg-page'),
    hatch: hatched(size, of('bg-sunk'), of('ctl')),
    edge: of('edge'),
    control: of('ctl'),
    grid: of('c-grid'),
    band: of('c-band'),
    muted: of('c-muted'),
    now: of('accent'),
    limit: of('bad-solid'),
    tones: { ok: of('ok-solid'), warn: of('warn-solid'), bad: of('bad-solid') },
    categories: [1, 2, 3, 4, 5, 6, 7, 8].map((number) => of(`c${number}`)),
    steps: [1, 2, 3, 4, 5, 6, 7].map((number) => of(`q${number}`)),
  }
}

export const category = ({ categories, muted }: Palette, index: number): string => categories[index] ?? muted
export const step = ({ steps, sunk }: Palette, number: number): string => steps[number - 1] ?? sunk

/** Letters on a step: those of the other end from the fifth on (look.md §8). */
export const onStep = ({ fg, bg }: Palette, number: number): string => (number > 4 ? bg : fg)

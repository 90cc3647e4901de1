// The arc of a gauge in a field of 200 × 172.

const [x, y, radius, sweep] = [100, 100, 84, 240]

/** From the lower left, clockwise, as far as the share goes. */
export function arcOf(share: number): string {
  const at = (degrees: number): string => {
    const angle = ((degrees - 90) * Math.PI) / 180
    return `${(x + radius * Math.cos(angle)).toFixed(2)} ${(y + radius * Math.sin(angle)).toFixed(2)}`
  }
  const end = -sweep / 2 + sweep * share
  return `M${at(-sweep / 2)}A${radius} ${radius} 0 ${sweep * share > 180 ? 1 : 0} 1 ${at(end)}`
}

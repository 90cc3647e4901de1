// A highlight as text and marks. It is never put into the page as HTML: what is not <mark> stays the text that it is.

export interface Part {
  text: string
  isMarked: boolean
}

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'", '&#39;': "'" }

const plain = (escaped: string): string => escaped.replace(/&(?:amp|lt|gt|quot|#x27|#39);/g, (entity) => entities[entity] ?? entity)

export function partsOf(highlight: string): Part[] {
  return highlight
    .split(/(<mark>[^<]*<\/mark>)/)
    .filter((piece) => piece !== '')
    .map((piece) => {
      const marked = /^<mark>([^<]*)<\/mark>$/.exec(piece)?.[1]
      return { text: plain(marked ?? piece), isMarked: marked !== undefined }
    })
}

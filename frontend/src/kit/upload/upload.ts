/** A file as the upload shows it. */
export interface Sent {
  key: string
  name: string
  /** How much has been sent, from 0 to 1; undefined when it lies on the server. */
  share?: number
  /** Why it was not taken. */
  fault?: string
}

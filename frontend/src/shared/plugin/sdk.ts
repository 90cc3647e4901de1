/** Version of what plugins import. A plugin says in its manifest which major it was written for. */
export const sdkVersion = '1.0.0'

/** `1` and `1.2` fit 1.4.0; a plugin that wants another major, or a later minor, is not run. */
export function fits(wanted: string, version = sdkVersion): boolean {
  const [major, minor = 0] = wanted.split('.').map(Number)
  const [own, least] = version.split('.').map(Number)
  return major === own && least !== undefined && minor <= least
}

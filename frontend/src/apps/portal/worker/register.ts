// The portal works on a home screen: its worker is registered here and nowhere else. A browser without one goes on as before.

export function registerWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const register = (): void => void navigator.serviceWorker.register('/sw.js').catch((error: unknown) => console.info('no service worker', error))
  // The first page has the network for itself.
  if (document.readyState === 'complete') register()
  else addEventListener('load', register, { once: true })
}

/** Electron's utilityProcess gives a port instead of fork's channel. Declared here, because only `desktop` knows Electron. */
type UtilityPort = {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void
}

export type ParentChannel = {
  readonly send: (message: unknown) => void
  readonly onMessage: (listener: (message: unknown) => void) => void
}

/**
 * The child's side of the port IsolatedProcess, whichever way it was started. The process ends when its parent is gone.
 * Throws Error in a process that has no parent to talk to.
 */
export const parentChannel = (): ParentChannel => {
  const port = (process as { readonly parentPort?: UtilityPort }).parentPort
  if (port !== undefined) {
    return {
      send: (message) => port.postMessage(message),
      onMessage: (listener) => port.on('message', ({ data }) => listener(data)),
    }
  }
  if (process.send === undefined) throw new Error('this entry is started by the lab, not by hand')
  process.on('disconnect', () => process.exit(0))
  return {
    // A parent that dies meanwhile is told by 'disconnect'.
    send: (message) => void process.send?.(message, undefined, {}, () => undefined),
    onMessage: (listener) => void process.on('message', listener),
  }
}

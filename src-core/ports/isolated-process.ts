import type { AbortSignal } from './clock.ts'

/**
 * A process of its own for native or untrusted code: a crash or an endless loop in it loses nothing here.
 * In the desktop it is Electron's utilityProcess, elsewhere child_process.fork; lab.ts injects which.
 * Messages are plain data (structured clone).
 */
export type IsolatedProcess = {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once; `code` null after a signal. */
  onExit(listener: (exit: { readonly code: number | null; readonly signal: string | null }) => void): void
  /** Resident memory in bytes; null where it cannot be read. */
  memoryBytes(): Promise<number | null>
  kill(): void
}

export type StartIsolatedProcess = (
  entry: 'llama-process' | 'sandbox-process',
  options?: { readonly signal?: AbortSignal; readonly maxOldSpaceMb?: number },
) => Promise<IsolatedProcess>

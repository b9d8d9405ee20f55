import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Resident memory of a process in bytes; null where this system does not tell it or the process is gone. */
export const residentBytes = async (pid: number): Promise<number | null> => {
  if (process.platform === 'linux') {
    const status = await textOrNull(readFile(`/proc/${pid}/status`, 'utf8'))
    return kibibytes(status?.match(/^VmRSS:\s+(\d+) kB$/m)?.[1])
  }
  if (process.platform === 'win32') return null
  const listed = await textOrNull(run('ps', ['-o', 'rss=', '-p', String(pid)]).then((result) => result.stdout))
  return kibibytes(listed?.trim())
}

const kibibytes = (digits: string | undefined): number | null =>
  digits !== undefined && /^\d+$/.test(digits) ? Number(digits) * 1024 : null

/** A process that ended between two looks is no error: its memory is unknown. */
const textOrNull = (text: Promise<string>): Promise<string | null> => text.catch(() => null)

import type { AvailableModel } from '../src-core/ports/provider.ts'
import type { Lab } from '../src-main/lab.ts'
import type { Output } from './output.ts'

/** Fetches a catalogue model with bytes, rate and time left on the live line; Ctrl+C keeps what has arrived. */
export const pullModel = async (lab: Lab, output: Output, id: string): Promise<AvailableModel> => {
  const controller = new AbortController()
  const onInterrupt = () => controller.abort(new Error('interrupted'))
  process.once('SIGINT', onInterrupt)
  let said = -1
  try {
    return await (await lab.models()).pull(id, {
      signal: controller.signal,
      onProgress: (progress) => {
        const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0)
        const eta = progress.etaSeconds === null ? '' : `, ${Math.ceil(progress.etaSeconds)} s left`
        const rate = progress.bytesPerSecond === null ? '' : `, ${(progress.bytesPerSecond / 1e6).toFixed(1)} MB/s`
        const text = `${id}: ${megabytes(progress.bytes)} of ${megabytes(progress.totalBytes)} MB${rate}${eta}`
        const quarter = Math.floor((4 * progress.bytes) / progress.totalBytes)
        if (output.live) output.status(text)
        else if (quarter > said) output.say(text)
        said = Math.max(said, quarter)
      },
    })
  } finally {
    output.status('')
    process.off('SIGINT', onInterrupt)
  }
}

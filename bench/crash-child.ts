import { model, openTestHost, snapshotOf, variant } from '../src-main/engine/test/run-lab.ts'

/** A run that is to be killed: says its id, then after every progress event how many results are on the disk. */
const [url, path, cells, concurrency, salt] = process.argv.slice(2) as [string, string, string, string, string]
const lab = await openTestHost({ path })
const snapshot = snapshotOf([model('loopback', url)], Number(cells) / 2, {
  concurrency: Number(concurrency),
  variants: [variant('plain', `${salt} Spam or ham? {input}`), variant('guided', `${salt} Answer.\n{input}`)],
})
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const run = await lab.start(snapshot, {
  onEvent: (event) => {
    if (event.kind === 'progress') say(String(event.progress.done))
  },
})
say(run.id)
await run.done
say('ended')
await lab.close()

/**
 * Where the code of a thread or a process starts. In a checkout that is a source file (Node strips its types); in a build
 * all chunks lie flat in one folder, so that it is `<name>.js` beside the chunk that asks.
 */
const sources = {
  'engine-worker': 'engine/engine-worker.ts',
  'store-writer': 'store/writer-thread.ts',
  'store-reader': 'store/reader-thread.ts',
  'regex-worker': 'evaluation/regex-worker.ts',
  'sandbox-process': 'evaluation/sandbox-process.ts',
  'llama-process': 'llama/llama-process.ts',
} as const

export type EntryName = keyof typeof sources

export const entryNames = Object.keys(sources) as readonly EntryName[]

/** The file URL of an entry as seen from `from`, which is this module's own URL unless a test asks. */
export const entryUrl = (name: EntryName, from: string = import.meta.url): URL =>
  new URL(from.endsWith('.ts') ? `./${sources[name]}` : `./${name}.js`, from)

/** Path of an entry's source, relative to src-main; the build reads it. */
export const entrySource = (name: EntryName): string => sources[name]

/**
 * `npm run build`: the package (dist/: command, library, threads, declarations) and the desktop app (out/).
 * Node runs no TypeScript below node_modules, so the package ships JavaScript.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { entryNames, entrySource } from '../src-main/entries.ts'
import { copyDeclarations } from './declarations.ts'
import { root, runStep } from './steps.ts'

const dist = join(root, 'dist')
rmSync(dist, { recursive: true, force: true })

const types = await runStep({ name: 'types', command: ['tsc', '-b'] })
if (!types.ok) {
  console.error(types.output)
  process.exit(1)
}

await build({
  root,
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  // Pure JavaScript goes into the bundle: fewer files to find and half the bytes to compile at every start. What stays
  // outside brings a binary of its own, or is imported only where it is present.
  ssr: { noExternal: true, external: ['better-sqlite3', 'node-llama-cpp', 'quickjs-emscripten', 'electron'] },
  build: {
    ssr: true,
    target: 'node22',
    outDir: dist,
    emptyOutDir: true,
    sourcemap: false,
    minify: false,
    rolldownOptions: {
      input: {
        main: join(root, 'src-cli/main.ts'),
        library: join(root, 'src-main/library.ts'),
        stats: join(root, 'src-core/stats/index.ts'),
        ...Object.fromEntries(entryNames.map((name) => [name, join(root, 'src-main', entrySource(name))])),
      },
      // All chunks lie flat in one folder: an entry finds the others beside itself (src-main/entries.ts).
      output: {
        format: 'es',
        entryFileNames: '[name].js',
        chunkFileNames: 'chunk-[name]-[hash].js',
        // Names are kept: a stack trace of --debug must be readable.
        minify: { compress: true, mangle: false, codegen: true },
      },
    },
  },
})
copyDeclarations(join(root, '.tsbuild/types'), join(dist, 'types'), ['src-main/library', 'src-core/stats/index'])

const app = await runStep({ name: 'app', command: ['electron-vite', 'build'] })
if (!app.ok) {
  console.error(app.output)
  process.exit(1)
}

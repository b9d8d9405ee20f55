import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { entryNames, entrySource } from './src-main/entries.ts'
import { noncePlaceholder } from './src-main/page/csp.ts'

const entries = Object.fromEntries(entryNames.map((name) => [name, `src-main/${entrySource(name)}`]))

export default defineConfig({
  main: {
    build: {
      rolldownOptions: {
        input: { index: 'src-main/desktop/main.ts', ...entries },
        // Threads and processes find one another beside themselves (src-main/entries.ts).
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      // A sandboxed preload must be CommonJS and may require nothing but electron.
      externalizeDeps: false,
      rolldownOptions: { input: 'src-preload/index.ts', output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: 'src-renderer',
    plugins: [react()],
    // Each load gets its own (src-main/page/csp.ts).
    html: { cspNonce: noncePlaceholder },
    build: { minify: true, rolldownOptions: { input: 'src-renderer/index.html' } },
  },
})

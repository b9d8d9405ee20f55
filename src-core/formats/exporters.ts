import type { Exporter } from './exporter.ts'
import { manifest } from './manifest.ts'
import { markdown } from './markdown.ts'
import { plainText } from './plain-text.ts'
import { promptfoo } from './promptfoo.ts'

/** Every format a prompt can be written in. Adding one is a file and a line here. */
export const exporters: readonly Exporter[] = [plainText, markdown, manifest, promptfoo]

export const findExporter = (id: string): Exporter | null => exporters.find((exporter) => exporter.id === id) ?? null

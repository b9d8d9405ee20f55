import { rename, writeFile } from 'node:fs/promises'
import { LabError } from '../../src-core/domain/errors.ts'
import type { PromptVariant } from '../../src-core/domain/prompt.ts'
import { exporters, findExporter } from '../../src-core/formats/exporters.ts'
import type { Store } from '../../src-core/ports/store.ts'
import { labVersion } from '../package-root.ts'

export type Prompts = {
  /** `name` (newest version) or `name@3`. LabError 'not-found'. */
  find(reference: string, project: string | null): Promise<PromptVariant>
  export(
    reference: string,
    format: string,
    project: string | null,
  ): Promise<{ readonly prompt: string; readonly text: string }>
  writeExport(file: string, text: string): Promise<void>
}

export const createPrompts = (store: Store): Prompts => {
  /** Two labs may each have a prompt of one name; taking either silently would export the wrong one. */
  const assertOneProject = async (reference: string): Promise<void> => {
    const projects = [...new Set((await store.experiments()).map((record) => record.project))]
    const found = await Promise.all(projects.map((project) => store.findVariant(project, reference)))
    const holders = projects.filter((_, index) => found[index] !== null)
    if (holders.length < 2) return
    throw new LabError(
      'usage',
      `Several projects have a prompt ${reference} (${holders.join(', ')}): say which with --project.`,
    )
  }
  const find = async (reference: string, project: string | null): Promise<PromptVariant> => {
    if (project === null) await assertOneProject(reference)
    const variant = await store.findVariant(project, reference)
    if (variant !== null) return variant
    throw new LabError(
      'not-found',
      `No prompt ${reference} is stored${project === null ? '' : ` in project ${project}`}; a run stores the prompts of its lab.`,
    )
  }
  return {
    find,
    async export(reference, format, project) {
      const exporter = findExporter(format)
      if (exporter === null) {
        throw new LabError(
          'usage',
          `unknown format ${format}; known are ${exporters.map((entry) => entry.id).join(', ')}`,
        )
      }
      const variant = await find(reference, project)
      return {
        prompt: `${variant.name}@${variant.version}`,
        text: exporter.export(variant, { labVersion: labVersion() }),
      }
    },
    async writeExport(file, text) {
      await writeFile(`${file}.part`, text)
      await rename(`${file}.part`, file)
    },
  }
}

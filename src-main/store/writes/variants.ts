import { LabError } from '../../../src-core/domain/errors.ts'
import type { PromptVariant } from '../../../src-core/domain/prompt.ts'
import { toVariant, type VariantRow } from '../rows.ts'
import { bit, type WriteContext } from './context.ts'

export const variantWrites = ({ db, directory }: WriteContext) => {
  const find = db.prepare<[number, string, string], VariantRow>(
    'SELECT * FROM prompt_variants WHERE project = ? AND name = ? AND hash = ?',
  )
  const newest = db.prepare<[number, string], { version: number | null }>(
    'SELECT max(version) AS version FROM prompt_variants WHERE project = ? AND name = ?',
  )
  const atVersion = db.prepare('SELECT 1 FROM prompt_variants WHERE project = ? AND name = ? AND version = ?')
  const insert = db.prepare(
    `INSERT INTO prompt_variants (project, name, version, hash, template, variables, description, tags, active, is_default, parents, created_by)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const describe = db.prepare(
    'UPDATE prompt_variants SET description = ?, tags = ?, active = ?, is_default = ? WHERE id = ?',
  )

  const add = (project: number, variant: Omit<PromptVariant, 'version'>, version: number): number =>
    Number(
      insert.run(
        project,
        variant.name,
        version,
        variant.hash,
        JSON.stringify(variant.template),
        JSON.stringify(variant.variables),
        variant.description,
        JSON.stringify(variant.tags),
        bit(variant.active),
        bit(variant.isDefault),
        JSON.stringify(variant.parents),
        variant.createdBy,
      ).lastInsertRowid,
    )

  return {
    /** Where the content is known, description and tags are the newest; parents and origin stay those of the first time. */
    registerVariant: (projectName: string, variant: Omit<PromptVariant, 'version'>): PromptVariant => {
      const project = directory.project(projectName)
      const row = find.get(project, variant.name, variant.hash)
      if (row === undefined) {
        const version = (newest.get(project, variant.name)?.version ?? 0) + 1
        add(project, variant, version)
        return { ...variant, version }
      }
      describe.run(
        variant.description,
        JSON.stringify(variant.tags),
        bit(variant.active),
        bit(variant.isDefault),
        row.id,
      )
      const { description, tags, active, isDefault } = variant
      return { ...toVariant(row), description, tags, active, isDefault }
    },

    /** Row of a snapshot's variant. One that was never registered is added under the number it comes with. */
    variantRow: (project: number, variant: PromptVariant): number => {
      const row = find.get(project, variant.name, variant.hash)
      if (row !== undefined) return row.id
      if (atVersion.get(project, variant.name, variant.version) !== undefined) {
        throw new LabError(
          'internal',
          `The snapshot's ${variant.name}@${variant.version} has another content than the stored one: it was not registered.`,
        )
      }
      return add(project, variant, variant.version)
    },
  }
}

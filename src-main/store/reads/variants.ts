import type { PromptVariant } from '../../../src-core/domain/prompt.ts'
import type { Db } from '../database.ts'
import { toVariant, type VariantRow } from '../rows.ts'

export const variantReads = (db: Db) => {
  const all = db.prepare<[string], VariantRow>(
    'SELECT v.* FROM prompt_variants v JOIN projects p ON p.id = v.project WHERE p.name = ? ORDER BY v.id',
  )
  const find = db.prepare<{ project: string | null; name: string; version: number | null }, VariantRow>(
    `SELECT v.* FROM prompt_variants v JOIN projects p ON p.id = v.project
     WHERE v.name = @name AND (@project IS NULL OR p.name = @project) AND (@version IS NULL OR v.version = @version)
     ORDER BY v.id DESC LIMIT 1`,
  )

  return {
    variants: (project: string): readonly PromptVariant[] => all.all(project).map(toVariant),

    /** A name that itself ends in `@3` wins over version 3 of the shorter name. */
    findVariant: (project: string | null, reference: string): PromptVariant | null => {
      const whole = find.get({ project, name: reference, version: null })
      if (whole !== undefined) return toVariant(whole)
      const match = /^(.+)@([1-9]\d*)$/s.exec(reference)
      if (match?.[1] === undefined) return null
      const row = find.get({ project, name: match[1], version: Number(match[2]) })
      return row === undefined ? null : toVariant(row)
    },
  }
}

import type { EvolveSection } from './analysis-entry.ts'
import { checkModelId } from './models.ts'
import type { Reporter } from './source.ts'
import { suggestion } from './suggest.ts'

type Known = {
  readonly prompts: readonly string[] | null
  readonly models: readonly string[] | null
  readonly columns: readonly string[] | null
}

/** References of the evolve section; null in `known` where that section of the file is itself wrong. */
export const checkEvolve = (section: EvolveSection, known: Known, reporter: Reporter): void => {
  const { prompt, roles, split } = section
  if (prompt !== undefined && known.prompts !== null && !known.prompts.includes(prompt)) {
    reporter.report(
      ['evolve', 'prompt'],
      `evolve.prompt names "${prompt}", which is no prompt of this lab.${suggestion(prompt, known.prompts)}`,
    )
  }
  for (const [role, id] of Object.entries(roles)) {
    if (id !== undefined && known.models !== null)
      checkModelId(id, { ids: known.models, path: ['evolve', 'roles', role], role: `the ${role} of evolve`, reporter })
  }
  if ('column' in split) {
    if (known.columns !== null && !known.columns.includes(split.column)) {
      reporter.report(
        ['evolve', 'split', 'column'],
        `The case file has no column "${split.column}".${suggestion(split.column, known.columns)}`,
      )
    }
    return
  }
  const sum = split.train + split.race + split.holdout
  if (Math.abs(sum - 1) > 1e-9)
    reporter.report(
      ['evolve', 'split'],
      `evolve.split adds up to ${Number(sum.toFixed(6))}; train, race and holdout must add up to 1.`,
    )
}

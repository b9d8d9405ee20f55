import type { PromptVariant } from '../domain/prompt.ts'
import { findLiterals } from '../template/variables.ts'
import type { LocatedCase } from './cases.ts'
import type { Path, Reporter } from './source.ts'
import { nearest } from './suggest.ts'

type Checked = {
  readonly variants: readonly PromptVariant[]
  readonly cases: readonly LocatedCase[]
  /** The file the cases stand in, for problems; the lab file itself where they are inline. */
  readonly casesFile: string | null
  /** Place of a variant in the lab file. */
  readonly pathOf: (variant: PromptVariant) => Path
}

const variableNames = (cases: readonly LocatedCase[]): readonly string[] => {
  const names = new Set<string>()
  for (const { testCase } of cases) for (const name of Object.keys(testCase.inputs)) names.add(name)
  return [...names]
}

const reportMissing = (
  variant: PromptVariant,
  name: string,
  known: readonly string[],
  checked: Checked,
  reporter: Reporter,
): void => {
  const { cases, casesFile } = checked
  const lacking = cases.filter(({ testCase }) => !Object.hasOwn(testCase.inputs, name))
  const [first] = lacking
  if (first === undefined) return
  if (lacking.length === cases.length) {
    const near = nearest(name, known)
    const hint =
      near === null
        ? known.length === 0
          ? 'They have no variables.'
          : `They have: ${known.map((other) => `{${other}}`).join(', ')}.`
        : `Did you mean {${near}}?`
    reporter.report(
      checked.pathOf(variant),
      `The prompt "${variant.name}" uses {${name}}, which no case has. ${hint} Rename a column with cases.columns, or write {{${name}}} for the plain text.`,
    )
    return
  }
  const more = lacking.length === 1 ? '' : ` (and ${lacking.length - 1} more cases)`
  reporter.add({
    message: `The case "${first.testCase.id}"${more} has no value for {${name}}, which the prompt "${variant.name}" uses. Add it, or leave the case out with cases.where.`,
    file: casesFile,
    line: first.line,
    column: null,
  })
}

/** Every variable of every variant has a value in every case; double braces around a case's variable are worth a word. */
export const checkTemplates = (checked: Checked, reporter: Reporter): void => {
  const known = variableNames(checked.cases)
  for (const variant of checked.variants) {
    for (const name of variant.variables) reportMissing(variant, name, known, checked, reporter)
    for (const name of findLiterals(variant.template)) {
      if (known.includes(name)) {
        reporter.warn(
          checked.pathOf(variant),
          `The prompt "${variant.name}" contains {{${name}}}, which is the plain text {${name}}. For the variable write {${name}} (single braces).`,
        )
      }
    }
  }
}

import type { ContentHash } from '../domain/ids.ts'
import type { PromptTemplate, PromptVariant } from '../domain/prompt.ts'
import { findVariables } from '../template/variables.ts'
import type { PromptEntry } from './prompt-entry.ts'
import type { Reporter } from './source.ts'
import { suggestion } from './suggest.ts'

/** A prompt entry with its text fetched; `stored` where it refers to a version of the lab. */
export type ResolvedPrompt = {
  readonly entry: PromptEntry
  /** Its place in the file. */
  readonly index: number
  readonly template: PromptTemplate
  readonly stored: PromptVariant | null
}

type HashOf = (template: PromptTemplate) => ContentHash

/** The name a prompt goes by: its own, or with ref the stored one without its number. */
export const promptName = (entry: PromptEntry): string => entry.name ?? (entry.ref ?? '').replace(/@\d+$/, '')

/** Version 0 means "not numbered yet": the store gives the number when the variant is registered. */
const toVariant = ({ entry, template, stored }: ResolvedPrompt, hashOf: HashOf): PromptVariant => {
  const name = promptName(entry)
  return {
    name,
    version: stored !== null && stored.name === name ? stored.version : 0,
    hash: hashOf(template),
    template,
    variables: findVariables(template),
    description: entry.description === '' && stored !== null ? stored.description : entry.description,
    tags: entry.tags.length === 0 && stored !== null ? stored.tags : entry.tags,
    active: entry.active,
    isDefault: entry.default,
    parents: stored?.parents ?? [],
    createdBy: stored?.createdBy ?? 'lab-file',
  }
}

/** Names in the file are unique; the same words twice are a slip worth a warning. */
export const checkPromptNames = (entries: readonly PromptEntry[], reporter: Reporter): void => {
  const seen = new Map<string, number>()
  for (const [index, entry] of entries.entries()) {
    const name = promptName(entry)
    const first = seen.get(name)
    if (first === undefined) seen.set(name, index)
    else
      reporter.report(
        ['prompts', index, 'name'],
        `Two prompts are named "${name}" (prompts[${first}] and prompts[${index}]); names are unique.`,
      )
    if (/[@,]/.test(name)) {
      reporter.report(
        ['prompts', index, 'name'],
        `The prompt name "${name}" contains "@" or ",", which mean something on the command line; use another sign.`,
      )
    }
  }
}

export const buildVariants = (
  prompts: readonly ResolvedPrompt[],
  options: { readonly hashOf: HashOf; readonly reporter: Reporter },
): readonly PromptVariant[] => {
  const { hashOf, reporter } = options
  const variants = prompts.map((prompt) => toVariant(prompt, hashOf))
  const byHash = new Map<string, string>()
  for (const [position, variant] of variants.entries()) {
    const twin = byHash.get(variant.hash)
    const path = ['prompts', prompts[position]?.index ?? position]
    if (twin === undefined) byHash.set(variant.hash, variant.name)
    else if (twin !== variant.name)
      reporter.warn(path, `The prompts "${twin}" and "${variant.name}" have the same text; they cannot differ.`)
  }
  return variants
}

/** The variants that run: those named by --variants, else the active ones. */
export const selectVariants = (
  variants: readonly PromptVariant[],
  names: readonly string[] | undefined,
  reporter: Reporter,
): readonly PromptVariant[] => {
  if (names === undefined) {
    const active = variants.filter((variant) => variant.active)
    if (active.length === 0 && variants.length > 0)
      reporter.report(['prompts'], 'Every prompt has active: false; nothing would run.')
    return active
  }
  const known = variants.map((variant) => variant.name)
  for (const name of names) {
    if (!known.includes(name))
      reporter.report(
        ['prompts'],
        `--variants names "${name}", which is no prompt of this lab.${suggestion(name, known)}`,
      )
  }
  return variants.filter((variant) => names.includes(variant.name))
}

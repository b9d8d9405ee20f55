/**
 * Fragments of prompt text that the simulated world recognises verbatim and takes for genes; everything else of a prompt
 * is its free text. Index 0 of persona, structure and format stands for "none".
 */
export const personas = [
  'You are an expert in this field.',
  'You are a careful assistant.',
  'You are a patient teacher.',
  'You are a senior editor.',
  'You are a meticulous analyst.',
] as const

export const structures = ['Work through these steps:', 'Context:\n', '## Task\n'] as const

export const formats = ['Answer in JSON.', 'Answer with exactly one', 'Answer with one word.'] as const

export const reasonings = ["Let's think step by step.", 'Think before you answer.'] as const

export const constraints = [
  'Nothing else.',
  'Do not explain.',
  'Put the answer last.',
  'Use only the given labels.',
  'Say "not stated" when the text does not say.',
  'Check the units.',
  'Follow the examples exactly.',
  'If unsure, choose the most likely.',
] as const

export type Genes = {
  readonly persona: number
  readonly structure: number
  readonly format: number
  readonly reasoning: boolean
  readonly constraints: readonly number[]
  /** The demonstrations' own texts. */
  readonly demos: readonly string[]
  /** What is left when fragments and demonstrations are taken out. */
  readonly text: string
}

/** A demonstration is a pair of lines such as `Input: cat` / `Output: cats`, or `cat -> cats`. */
const demonstration =
  /^(?:[A-Z][\w ]{0,20}:[ \t]*(?!.*\{)\S.*\n[A-Z][\w ]{0,20}:[ \t]*(?!.*\{)\S.*|(?!.*\{).+?[ \t]*(?:->|=>)[ \t]*\S.*)$/gm

export const readGenes = (template: string): Genes => {
  const demos = [...template.matchAll(demonstration)].map((match) => match[0])
  let text = template.replace(demonstration, '')
  const take = (fragment: string): boolean => {
    if (!text.includes(fragment)) return false
    text = text.replaceAll(fragment, '')
    return true
  }
  const firstOf = (list: readonly string[]): number => {
    const found = list.findIndex((fragment) => text.includes(fragment))
    for (const fragment of list) take(fragment)
    return found + 1
  }
  return {
    persona: firstOf(personas),
    structure: firstOf(structures),
    format: firstOf(formats),
    reasoning: reasonings.map(take).some(Boolean),
    constraints: constraints.flatMap((fragment, index) => (take(fragment) ? [index] : [])),
    demos,
    text: text.replace(/\s+/g, ' ').trim(),
  }
}

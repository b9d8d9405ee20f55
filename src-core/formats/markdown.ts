import type { PromptVariant } from '../domain/prompt.ts'
import type { ExportContext, Exporter } from './exporter.ts'

/** A fence longer than any run of backticks in the text (CommonMark 4.5). */
const fenced = (text: string): string => {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length))
  const fence = '`'.repeat(Math.max(3, longest + 1))
  return `${fence}text\n${text}${text.endsWith('\n') ? '' : '\n'}${fence}`
}

const line = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

const facts = (variant: PromptVariant, { model, labVersion }: ExportContext): string[] => [
  `- Version: ${variant.version}`,
  `- Content hash: \`${variant.hash}\``,
  `- Variables: ${variant.variables.length === 0 ? 'none' : variant.variables.map((name) => `\`{${name}}\``).join(', ')}`,
  ...(variant.tags.length === 0 ? [] : [`- Tags: ${variant.tags.map(line).join(', ')}`]),
  ...(model ? [`- Model: ${line(model.model)} (${line(model.provider)})`] : []),
  `- Exported by Prompt Lab ${labVersion}`,
]

const body = ({ template }: PromptVariant): string[] =>
  template.kind === 'text'
    ? ['## Prompt', '', fenced(template.text), '']
    : template.messages.flatMap(({ role, content }) => [
        `## ${role[0]?.toUpperCase() ?? ''}${role.slice(1)}`,
        '',
        fenced(content),
        '',
      ])

export const markdown: Exporter = {
  id: 'md',
  label: 'Markdown',
  extension: 'md',
  export: (variant, context) => {
    const { provenance } = context
    const evidence = provenance ? ['## Evidence', '', '```json', JSON.stringify(provenance, null, 2), '```', ''] : []
    const description = variant.description === '' ? [] : [variant.description, '']
    return [
      `# ${line(variant.name)}`,
      '',
      ...description,
      ...facts(variant, context),
      '',
      ...body(variant),
      ...evidence,
    ].join('\n')
  },
}

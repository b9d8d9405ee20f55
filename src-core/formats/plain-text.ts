import type { PromptTemplate } from '../domain/prompt.ts'
import type { Exporter } from './exporter.ts'

/** A text stays byte for byte; messages are set off by their role in brackets. */
const templateText = (template: PromptTemplate): string =>
  template.kind === 'text'
    ? template.text
    : `${template.messages.map(({ role, content }) => `[${role}]\n${content}`).join('\n\n')}\n`

export const plainText: Exporter = {
  id: 'txt',
  label: 'Plain text',
  extension: 'txt',
  export: (variant) => templateText(variant.template),
}

import { stringify } from 'yaml'

import type { Message, PromptVariant } from '../domain/prompt.ts'
import type { ExportContext, Exporter } from './exporter.ts'
import { nunjucksName, toNunjucks } from './nunjucks.ts'

const messagesOf = ({ template }: PromptVariant): readonly Message[] =>
  template.kind === 'text' ? [{ role: 'user', content: template.text }] : template.messages

/** Names of promptfoo's providers; llamacpp and http need an address that a prompt does not know. */
const providerNames: Readonly<Record<string, string>> = {
  openai: 'openai:chat',
  anthropic: 'anthropic:messages',
  ollama: 'ollama:chat',
}

const configNames = { temperature: 'temperature', topP: 'top_p', seed: 'seed', maxTokens: 'max_tokens' } as const

const providers = ({ model }: ExportContext): readonly object[] => {
  const prefix = model ? providerNames[model.provider] : undefined
  if (!model || prefix === undefined) return []
  const config = Object.entries(configNames).flatMap(([ours, theirs]) => {
    const value = model.parameters[ours as keyof typeof configNames]
    return value === null ? [] : [[theirs, value] as const]
  })
  return [{ id: `${prefix}:${model.model}`, ...(config.length === 0 ? {} : { config: Object.fromEntries(config) }) }]
}

/**
 * A promptfoo configuration with the one prompt. It is written as chat JSON over several lines: promptfoo renders the
 * strings inside such JSON one by one, so that quotes in a variable's value are safe, and it never takes a text with
 * line breaks for a path (`maybeFilePath` in its src/prompts/utils.ts).
 */
export const promptfoo: Exporter = {
  id: 'promptfoo',
  label: 'promptfoo configuration (YAML)',
  extension: 'yaml',
  export: (variant, context) => {
    const chat = messagesOf(variant).map(({ role, content }) => ({ role, content: toNunjucks(content) }))
    const renamed = variant.variables.filter((name) => nunjucksName(name) !== name)
    const notes = [
      `${variant.name}@${variant.version}, content hash ${variant.hash}, exported by Prompt Lab ${context.labVersion}.`,
      ...renamed.map(
        (name) =>
          `The variable ${name} is called ${nunjucksName(name)} here: ${name} is a word of the template language.`,
      ),
    ]
    const list = providers(context)
    const config = {
      description: variant.description === '' ? `${variant.name}, version ${variant.version}` : variant.description,
      prompts: [{ label: variant.name, raw: JSON.stringify(chat, null, 2) }],
      ...(list.length === 0 ? {} : { providers: list }),
      defaultTest: { metadata: { promptHash: variant.hash, promptVersion: variant.version } },
    }
    const comment = notes.map((note) => `# ${note.replaceAll(/\s+/g, ' ')}\n`).join('')
    return `# yaml-language-server: $schema=https://promptfoo.dev/config-schema.json\n${comment}${stringify(config, { lineWidth: 0 })}`
  },
}

import type { Exporter } from './exporter.ts'

/** Everything that is known of a prompt, for machines. Unknown is null. */
export const manifest: Exporter = {
  id: 'json',
  label: 'JSON with manifest',
  extension: 'json',
  export: (variant, { labVersion, model, provenance }) => {
    const { template } = variant
    const content = {
      schema: 'prompt/1',
      labVersion,
      name: variant.name,
      version: variant.version,
      hash: variant.hash,
      text: template.kind === 'text' ? template.text : null,
      messages: template.kind === 'messages' ? template.messages : null,
      variables: variant.variables,
      description: variant.description,
      tags: variant.tags,
      parents: variant.parents,
      createdBy: variant.createdBy,
      model: model ?? null,
      provenance: provenance ?? null,
    }
    return `${JSON.stringify(content, null, 2)}\n`
  },
}

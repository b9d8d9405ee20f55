import { z } from 'zod'

import { labSchema } from './lab-schema.ts'

/** Text of resources/lab.schema.json: what may stand in a lab file, for editors. Equal on every run. */
export const labJsonSchemaText = (): string => {
  // 'input': what a person writes, so that keys with a default are optional.
  const schema = z.toJSONSchema(labSchema, { io: 'input', target: 'draft-7', unrepresentable: 'any', reused: 'inline' })
  return `${JSON.stringify({ title: 'Prompt Lab: lab file', ...schema }, null, 2)}\n`
}

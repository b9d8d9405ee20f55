import { z } from 'zod'

const roles = z.enum(['system', 'user', 'assistant'])

const messageSchema = z
  .strictObject({
    role: roles.describe('Who speaks.'),
    content: z
      .string()
      .describe('The text; {name} is a variable, {{name}} the literal text {name}. Kept byte for byte.'),
  })
  .describe('One message of a conversation.')

const sources = ['text', 'file', 'messages', 'ref'] as const

export const promptSchema = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .optional()
      .describe('Unique in the lab. May be left out only with ref: then it is the stored name.'),
    text: z
      .string()
      .min(1)
      .optional()
      .describe(
        'The prompt as one text, sent as one user message. {name} is a variable of the cases, {{name}} the literal text {name}.',
      ),
    file: z
      .string()
      .min(1)
      .optional()
      .describe('A text file with the prompt, relative to the lab file; kept byte for byte.'),
    messages: z.array(messageSchema).min(1).optional().describe('The prompt as messages with roles.'),
    ref: z.string().min(1).optional().describe('A version stored in the lab: name (the newest) or name@3.'),
    description: z.string().default('').describe('What this variant tries.'),
    tags: z.array(z.string().min(1)).default([]).describe('Labels for finding it again.'),
    active: z.boolean().default(true).describe('false: kept in the file, left out of runs unless named by --variants.'),
    default: z.boolean().default(false).describe('The variant to use where none is named.'),
  })
  .superRefine((entry, context) => {
    const given = sources.filter((source) => entry[source] !== undefined)
    if (given.length === 0) {
      context.addIssue({ code: 'custom', path: [], message: 'has no prompt: give one of text, file, messages or ref' })
    }
    for (const extra of given.slice(1)) {
      context.addIssue({
        code: 'custom',
        path: [extra],
        message: `stands beside "${given[0]}": give only one of text, file, messages or ref`,
      })
    }
    if (entry.name === undefined && entry.ref === undefined) {
      context.addIssue({ code: 'custom', path: ['name'], message: 'is missing: every prompt needs a name' })
    }
  })
  .describe('One prompt variant: exactly one of text, file, messages or ref.')

export type PromptEntry = z.output<typeof promptSchema>

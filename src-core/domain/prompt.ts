import type { ContentHash } from './ids.ts'

export type Role = 'system' | 'user' | 'assistant'
export type Message = { readonly role: Role; readonly content: string }

/** A template is kept byte for byte as its author wrote it. A text becomes one user message when it is sent. */
export type PromptTemplate =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'messages'; readonly messages: readonly Message[] }

export type PromptOrigin = 'person' | 'lab-file' | 'import' | 'operator' | 'proposer'

export type PromptVariant = {
  readonly name: string
  /** Running number within the name, given by the store: 1, 2, ... A new content hash is a new version. */
  readonly version: number
  /** SHA-256 of the canonical JSON of the template alone; renaming or tagging does not make a new version. */
  readonly hash: ContentHash
  readonly template: PromptTemplate
  /** Names of the {variables} of the template in order of first use. */
  readonly variables: readonly string[]
  readonly description: string
  readonly tags: readonly string[]
  readonly active: boolean
  readonly isDefault: boolean
  /** Content hashes of the variants it was made from. */
  readonly parents: readonly ContentHash[]
  readonly createdBy: PromptOrigin
}

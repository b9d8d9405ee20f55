import { createHash } from 'node:crypto'
import { type ContentHash, contentHash } from '../../src-core/domain/ids.ts'
import { canonicalJson } from '../../src-core/domain/json.ts'
import type { ModelReference } from '../../src-core/domain/model.ts'
import type { Message } from '../../src-core/domain/prompt.ts'

/** What makes two answers exchangeable on the model's side; hashed once per model, then with each prompt. */
export const modelFingerprint = (model: ModelReference, digest: string | null): string =>
  canonicalJson({
    provider: model.provider,
    // Without a digest the same name at two addresses may be two models; with one, the address does not matter.
    baseUrl: digest === null ? model.baseUrl : null,
    model: digest ?? model.model,
    parameters: model.parameters,
    deterministic: model.deterministic,
    options: model.options,
  })

/** Key of the response cache: model and parameters, rendered messages, repetition. SHA-256. */
export const responseKey = (
  fingerprint: string,
  request: { readonly messages: readonly Message[]; readonly repetition: number; readonly extra: unknown },
): ContentHash => {
  const hash = createHash('sha256')
  hash.update(fingerprint)
  for (const { role, content } of request.messages) hash.update(JSON.stringify([role, content]))
  hash.update(canonicalJson([request.repetition, request.extra ?? null]))
  return contentHash(hash.digest('hex'))
}

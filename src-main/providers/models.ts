import { LabError } from '../../src-core/domain/errors.ts'
import type { ModelReference } from '../../src-core/domain/model.ts'
import { ProviderFailure } from '../../src-core/ports/provider.ts'
import { keyVariable, requireKey } from './credentials.ts'
import type { ProviderDependencies } from './dependencies.ts'
import type { ProviderEntry } from './entry.ts'
import { type Endpoint, parseEndpoint } from './transport/endpoint.ts'

/** A model reference made ready to call: parsed once, then found again for each of its thousands of calls. */
export type ReadyModel<Options, Client> = {
  readonly model: ModelReference
  readonly endpoint: Endpoint
  /** For messages: host and port. */
  readonly where: string
  readonly key: string | null
  readonly options: Options
  readonly client: Client
}

type Preparation<Options, Client> = {
  readonly entry: ProviderEntry
  readonly dependencies: Pick<ProviderDependencies, 'secrets'>
  /** Where this model's requests go, when it is not its base URL. */
  readonly urlOf?: (options: Options) => string
  readonly connect: (ready: Omit<ReadyModel<Options, Client>, 'client'>) => Client
}

/**
 * Remembers ready models by reference and key (a key may be set or changed while the lab is open).
 * The function it gives throws ProviderFailure: 'refused' for a missing key, 'bad-request' for wrong options or URLs.
 */
export const createReadyModels = <Options, Client>({
  entry,
  dependencies,
  urlOf,
  connect,
}: Preparation<Options, Client>) => {
  const ready = new WeakMap<ModelReference, ReadyModel<Options, Client>>()
  return (model: ModelReference): ReadyModel<Options, Client> => {
    const known = ready.get(model)
    const variable = keyVariable(entry, model)
    if (
      known !== undefined &&
      known.key === (variable === null ? null : (dependencies.secrets(variable)?.trim() ?? ''))
    )
      return known
    const parsed = entry.optionsSchema.safeParse(model.options)
    if (!parsed.success)
      throw new ProviderFailure(
        'bad-request',
        `The options of model "${model.id}" are wrong: ${parsed.error.issues.map((issue) => issue.message).join('; ')}.`,
      )
    const options = parsed.data as Options
    const url = urlOf?.(options) ?? model.baseUrl ?? entry.defaultBaseUrl
    if (url === null) throw new ProviderFailure('bad-request', `Model "${model.id}" needs a baseUrl.`)
    const endpoint = parseEndpoint(url)
    const base = { model, endpoint, where: endpoint.host, key: keyOf(entry, model, dependencies), options }
    const made = { ...base, client: connect(base) }
    ready.set(model, made)
    return made
  }
}

const keyOf = (
  entry: ProviderEntry,
  model: ModelReference,
  { secrets }: Pick<ProviderDependencies, 'secrets'>,
): string | null => {
  try {
    return requireKey(entry, model, secrets)
  } catch (error) {
    if (error instanceof LabError) throw new ProviderFailure('refused', error.message, { cause: error })
    throw error
  }
}

// oxlint-disable-next-line no-control-regex -- a header value must not hold them
const headerBreakers = /[\u0000-\u0008\u000a-\u001f\u007f]/

/** Headers for undici: names and values in turn. The model's own come last and win over ours, but not over the framing. */
export const headerList = (
  ours: Readonly<Record<string, string>>,
  declared: Readonly<Record<string, string>>,
): readonly string[] => {
  const all = new Map(Object.entries(ours))
  for (const [name, value] of Object.entries(declared)) {
    const lower = name.toLowerCase()
    if (lower === 'host' || lower === 'content-length' || lower === 'transfer-encoding' || lower === 'connection')
      continue
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(lower) || headerBreakers.test(value))
      throw new ProviderFailure('bad-request', `The header ${JSON.stringify(name)} cannot be sent as it is.`)
    all.set(lower, value)
  }
  for (const [name, value] of all) {
    if (headerBreakers.test(value))
      throw new ProviderFailure(
        'bad-request',
        `The value for the header ${name} holds a line break or a control character.`,
      )
  }
  return [...all].flat()
}

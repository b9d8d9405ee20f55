import type { JsonValue } from '../domain/json.ts'
import type { SamplingParameters } from '../domain/model.ts'
import type { PromptVariant } from '../domain/prompt.ts'

/** What is known beside the prompt itself; all but the program's version may be absent. */
export type ExportContext = {
  readonly labVersion: string
  /** The model it was found to work on. */
  readonly model?: { readonly provider: string; readonly model: string; readonly parameters: SamplingParameters } | null
  /** Where it came from and how it did: experiment, numbers, lineage. Written as given. */
  readonly provenance?: Readonly<Record<string, JsonValue>> | null
}

export type Exporter = {
  /** As in `--format`. */
  readonly id: string
  readonly label: string
  /** Ending of the file, without the dot. */
  readonly extension: string
  /** Text of the file. Equal input gives equal text. */
  readonly export: (variant: PromptVariant, context: ExportContext) => string
}

import type { ExperimentSnapshot } from '../../src-core/domain/experiment.ts'
import type { ModelReference, TokenPrice } from '../../src-core/domain/model.ts'
import { type Estimate, estimateRun } from '../../src-core/experiment/estimate.ts'
import { renderMessages } from '../../src-core/template/render.ts'

/** The object of `promptlab plan`; `schema` and `labVersion` are added at the door. */
export type Plan = Estimate & {
  /** In units of the primary metric; null where the metric has no known spread before the run. */
  readonly minimumDetectableDifference: number | null
  readonly casesFor: { readonly mde: number | null; readonly margin: number | null }
}

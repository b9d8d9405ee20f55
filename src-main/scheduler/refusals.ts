/** Identical refusals of credentials in a row that end a run: the key is wrong, and every further call would be refused. */
export const refusalsToStop = 5

export type RefusalCounter = {
  /** True when the run must stop. */
  refused(model: string, status: number | null): boolean
  accepted(model: string): void
}

/** Counted per model: one wrong key among several models must not hide between the answers of the others. */
export const createRefusalCounter = (): RefusalCounter => {
  const counts = new Map<string, { status: number | null; count: number }>()
  return {
    refused(model, status) {
      const seen = counts.get(model)
      const next =
        seen !== undefined && seen.status === status ? { status, count: seen.count + 1 } : { status, count: 1 }
      counts.set(model, next)
      return next.count >= refusalsToStop
    },
    accepted: (model) => {
      counts.delete(model)
    },
  }
}

import type { ExperimentSnapshot } from '../src-core/domain/experiment.ts'
import type { Plan } from '../src-main/services/plan.ts'
import type { Paint } from './output.ts'

/** Thousands apart by commas; without Intl, whose tables take 60 ms to load. */
const count = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',')
const plural = (n: number, word: string): string => `${count(n)} ${word}${n === 1 ? '' : 's'}`

const usd = ({ low, high }: { low: number; high: number }): string => {
  const text = (value: number) => (value === 0 ? '$0' : value < 0.01 ? `$${value.toFixed(5)}` : `$${value.toFixed(2)}`)
  return text(low) === text(high) ? text(high) : `${text(low)} to ${text(high)}`
}

const minutes = ({ low, high }: { low: number; high: number }): string => {
  const text = (value: number) =>
    value < 1.5 ? `${Math.max(1, Math.round(value * 60))} s` : `${Math.round(value)} min`
  return text(low) === text(high) ? text(high) : `${text(low)} to ${text(high)}`
}

/** The plan in a few lines: what will be asked, what it takes, and what a difference must be to be seen. */
export const renderPlan = (plan: Plan, snapshot: ExperimentSnapshot, paint: Paint): string => {
  const models = snapshot.models.filter((model) => model.experiment)
  const lines = [
    `${paint('bold', snapshot.project)}: ${plural(snapshot.variants.length, 'prompt')} x ${plural(snapshot.cases.length, 'case')} x ${plural(models.length, 'model')}${
      snapshot.repetitions > 1 ? ` x ${snapshot.repetitions} repetitions` : ''
    } = ${plural(plan.cells, 'cell')}`,
    `  about ${plural(plan.calls, 'call')}, ${count(plan.tokens.input)} tokens in, ${count(plan.tokens.output)} out at most; ${
      plan.usd === null ? 'cost unknown (a price is missing)' : usd(plan.usd)
    }; ${plan.minutes === null ? 'time unknown' : minutes(plan.minutes)}`,
  ]
  const { minimumDetectableDifference: smallest, tooFew, casesFor } = plan
  if (smallest !== null || tooFew) {
    const cases = plural(snapshot.cases.length, 'case')
    const power = 'with 80 % power, if scores vary as usual'
    const wanted =
      casesFor.mde === null ? '' : `; to see ${snapshot.analysis.mde} it takes about ${count(casesFor.mde)}`
    const design = snapshot.analysis.design === 'fixed' ? '' : ' (in a fixed design; a sequential one takes more)'
    lines.push(
      smallest === null
        ? `  ${cases} are too few to show any difference ${power}${wanted}${design}`
        : `  ${cases} can show a difference of about ${smallest.toFixed(2)} ${power}${wanted}${design}`,
    )
  }
  return lines.join('\n')
}

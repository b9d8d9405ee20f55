import type { CompareKind } from '../../../src-main/workspace/experiment-types.ts'
import type { IconName } from '../../components/icon.tsx'
import type { Tone } from '../../components/verdict-badge.tsx'

export const kinds: Readonly<
  Record<
    CompareKind,
    {
      readonly tone: Tone
      readonly icon: IconName
      readonly one: string
      readonly many: string
      readonly meaning: string
    }
  >
> = {
  regression: {
    tone: 'bad',
    icon: 'chevronDown',
    one: 'regression',
    many: 'Regressions',
    meaning: 'worse than the baseline',
  },
  improvement: {
    tone: 'good',
    icon: 'chevronUp',
    one: 'improvement',
    many: 'Improvements',
    meaning: 'better than the baseline',
  },
  tie: { tone: 'plain', icon: 'equal', one: 'tie', many: 'Ties', meaning: 'the same score' },
  missing: {
    tone: 'warn',
    icon: 'help',
    one: 'missing',
    many: 'Missing',
    meaning: 'one side has no result: not a pass',
  },
  excluded: { tone: 'plain', icon: 'minus', one: 'excluded', many: 'Excluded', meaning: 'left out by a person' },
  all: { tone: 'plain', icon: 'grid', one: 'case', many: 'All cases', meaning: 'paired by case' },
}
/** Regressions first: equal averages can hide swapped failures. */
export const kindOrder = ['regression', 'improvement', 'tie', 'missing', 'excluded', 'all'] as const

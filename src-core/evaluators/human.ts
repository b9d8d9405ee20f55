import { z } from 'zod'
import { defineEvaluator, scored } from './definition.ts'

export const human = defineEvaluator({
  type: 'human',
  label: 'Human',
  summary: "A person's rating; until there is one the evaluator is pending and the others alone make the cell's score.",
  version: 1,
  needs: ['rating'],
  example: { type: 'human', question: 'Would you send this answer to a customer?' },
  params: z.object({ question: z.string().min(1).optional().describe('What the person is asked') }),
  threshold: 0.5,
  prepare:
    () =>
    ({ spec, input }) => {
      const rating = input.ratings?.[spec.name]
      if (rating === undefined) return { kind: 'pending', reason: 'pending: no person has rated this answer' }
      return rating >= 0 && rating <= 1
        ? scored(rating, `a person rated it ${rating}`)
        : { kind: 'failed', reason: `the rating ${rating} is not in [0, 1]` }
    },
})

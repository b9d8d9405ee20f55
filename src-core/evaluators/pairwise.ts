import { z } from 'zod'
import type { JsonValue } from '../domain/json.ts'
import { defineEvaluator, failed, type Subject, scored } from './definition.ts'
import { expectedShape } from './expected.ts'
import { askJudge, judgeMessages, type Reading } from './judge.ts'
import { builtInCriteria, referenceBlock, requestBlocks } from './rubric.ts'

const winners = ['first', 'second', 'tie'] as const
type Winner = (typeof winners)[number]

const responseFormat: JsonValue = {
  type: 'object',
  additionalProperties: false,
  required: ['reason', 'winner'],
  properties: { reason: { type: 'string' }, winner: { type: 'string', enum: [...winners] } },
}

const defaultCriterion = `Which answer is better? ${builtInCriteria.accuracy} ${builtInCriteria.relevance}`

const readWinner = (value: JsonValue): Reading<Winner> => {
  const winner = typeof value === 'object' && value !== null && 'winner' in value ? value.winner : undefined
  const found = winners.find((name) => typeof winner === 'string' && winner.trim().toLowerCase() === name)
  return found === undefined
    ? { ok: false, reason: `"winner" is none of ${winners.join(', ')}` }
    : { ok: true, value: found }
}

/**
 * The judge sees both answers in both orders, because it may prefer a position. Only the same winner both times counts;
 * anything else is a tie. It sees the case's variables and not the prompts, which would tell the variants apart.
 */
export const pairwise = defineEvaluator({
  type: 'pairwise',
  label: 'Pairwise',
  summary:
    "Another model prefers the answer to the baseline's, in both orders: 1, or 0 for the baseline's, 0.5 for a tie or an inconsistent judge.",
  version: 1,
  needs: ['judge', 'baseline'],
  example: { type: 'pairwise', model: 'qwen-1.5b', criterion: 'Which answer would help the customer more?' },
  params: z.object({
    ...expectedShape,
    model: z.string().min(1).describe('Id of the judging model of the lab'),
    criterion: z.string().min(1).default(defaultCriterion),
  }),
  threshold: 0.5,
  demand: ({ model }) => ({ models: [model], calls: { judge: 4, embedding: 0 } }),
  prepare:
    ({ model, criterion }) =>
    async (subject) => {
      const opponent = await subject.input.opponent()
      if (opponent === 'self') return scored(0.5, 'the baseline itself')
      if (opponent === null) return scored(1, 'the baseline gave no answer')
      if (opponent.output === subject.input.response.output) return scored(0.5, 'the same answer as the baseline')
      const question = `${criterion}\nGive the reason first, in one sentence, then the winner. The form:\n{"reason":"...","winner":"first" or "second" or "tie"}`
      const ask = (first: string, second: string, number: number) =>
        askJudge(subject, {
          model,
          messages: judgeMessages(
            [...context(subject), { tag: 'first', content: first }, { tag: 'second', content: second }],
            question,
          ),
          responseFormat,
          read: readWinner,
          first: number,
        })
      const [ahead, behind] = await Promise.all([
        ask(subject.text, opponent.output, 1),
        ask(opponent.output, subject.text, 3),
      ])
      if (!ahead.ok) return failed(ahead.reason)
      if (!behind.ok) return failed(behind.reason)
      if (ahead.value === 'first' && behind.value === 'second')
        return scored(1, "better than the baseline's in both orders")
      if (ahead.value === 'second' && behind.value === 'first')
        return scored(0, "the baseline's is better in both orders")
      if (ahead.value === 'tie' && behind.value === 'tie') return scored(0.5, 'a tie in both orders')
      return scored(0.5, `inconsistent, so a tie: ${ahead.value} when shown first, ${behind.value} when shown second`)
    },
})

const context = (subject: Subject) => [...requestBlocks(subject, 'inputs'), ...referenceBlock(subject)]

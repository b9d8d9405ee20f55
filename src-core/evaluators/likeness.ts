import { z } from 'zod'
import { defineEvaluator, failed, scored } from './definition.ts'
import { bestOf, expectedShape, nothingExpected } from './expected.ts'
import { textOf } from './json-text.ts'
import { f1Score } from './set.ts'
import {
  cosine,
  largestComparison,
  levenshteinSimilarity,
  longestCommonSubsequence,
  ngramCounts,
  sentenceBleu,
} from './similarity-of-text.ts'
import { normalise } from './text.ts'
import { bleuTokens, rougeTokens, squadTokens } from './tokens-of-text.ts'

const tooLong = failed('the texts are too long to compare')
const rounded = (score: number) => score.toFixed(4)

export const levenshtein = defineEvaluator({
  type: 'levenshtein',
  label: 'Edit distance',
  summary: '1 minus the edit distance over the length of the longer text, in characters.',
  version: 1,
  needs: ['expected'],
  example: { type: 'levenshtein', ignoreCase: true, threshold: 0.8 },
  params: z.object({ ...expectedShape, ignoreCase: z.boolean().default(false), trim: z.boolean().default(true) }),
  threshold: 0.5,
  prepare: (params) =>
    bestOf((expected, { text }) => {
      const score = levenshteinSimilarity(normalise(text, params), normalise(textOf(expected), params))
      return score === null ? tooLong : scored(score, `edit similarity ${rounded(score)}`)
    }),
})

export const tokenF1 = defineEvaluator({
  type: 'token-f1',
  label: 'Token F1',
  summary: "F1 over words, in SQuAD's normal form.",
  version: 1,
  needs: ['expected'],
  example: { type: 'token-f1', threshold: 0.7 },
  params: z.object(expectedShape),
  threshold: 0.5,
  prepare: () =>
    bestOf((expected, { text }) => {
      const [came, wanted] = [squadTokens(text), squadTokens(textOf(expected))]
      const have = ngramCounts(came, 1)
      let common = 0
      for (const [token, count] of ngramCounts(wanted, 1)) common += Math.min(count, have.get(token) ?? 0)
      const score = f1Score(common, came.length, wanted.length)
      return scored(score, `${common} common words of ${came.length} given and ${wanted.length} expected`)
    }),
})

export const rougeL = defineEvaluator({
  type: 'rouge-l',
  label: 'ROUGE-L',
  summary: 'F1 over the longest common subsequence of words (Lin 2004, beta 1, no stemming).',
  version: 1,
  needs: ['expected'],
  example: { type: 'rouge-l', threshold: 0.5 },
  params: z.object(expectedShape),
  threshold: 0.5,
  prepare: () =>
    bestOf((expected, { text }) => {
      const [came, wanted] = [rougeTokens(text), rougeTokens(textOf(expected))]
      // The table is filled cell by cell, some thirty times slower than the bit-parallel edit distance.
      if (came.length * wanted.length > largestComparison / 16) return tooLong
      const score = f1Score(longestCommonSubsequence(came, wanted), came.length, wanted.length)
      return scored(score, `ROUGE-L ${rounded(score)}`)
    }),
})

export const bleu = defineEvaluator({
  type: 'bleu',
  label: 'BLEU',
  summary:
    "Sentence BLEU with up to 4-grams and 'exp' smoothing, over all accepted answers together, as sacreBLEU computes it.",
  version: 1,
  needs: ['expected'],
  example: { type: 'bleu', threshold: 0.3 },
  params: z.object({ ...expectedShape, ignoreCase: z.boolean().default(false) }),
  threshold: 0.5,
  prepare:
    (params) =>
    ({ text, expected }) => {
      if (expected.length === 0) return nothingExpected
      const tokens = (source: string) => bleuTokens(normalise(source, params))
      const score = sentenceBleu(
        tokens(text),
        expected.map((reference) => tokens(textOf(reference))),
      )
      return scored(score, `BLEU ${rounded(score)}`)
    },
})

export const similarity = defineEvaluator({
  type: 'similarity',
  label: 'Similarity',
  summary: 'Cosine of the embeddings of the text and of the expected answer; negative cosines count as 0.',
  version: 1,
  needs: ['expected', 'embedding'],
  example: { type: 'similarity', model: 'embedder', threshold: 0.8 },
  params: z.object({
    ...expectedShape,
    model: z.string().min(1).describe('Id of a model of the lab that makes embeddings'),
  }),
  threshold: 0.5,
  demand: ({ model }) => ({ models: [model], calls: { judge: 0, embedding: 1 } }),
  prepare:
    ({ model }) =>
    async ({ text, expected, spec, services }) => {
      if (expected.length === 0) return nothingExpected
      // Servers refuse empty input, and nothing is like nothing.
      if (text.trim() === '') return scored(0, 'the text is empty')
      const answer = await services.embed({ purpose: `${spec.name}:1`, model, texts: [text, ...expected.map(textOf)] })
      if ('failure' in answer) return failed(`no embedding: ${answer.failure.message}`)
      const [own, ...wanted] = answer.vectors
      if (own === undefined || wanted.length !== expected.length)
        return failed('the model gave another number of embeddings than texts')
      const cosines = wanted.map((vector) => cosine(own, vector)).filter((value) => value !== null)
      if (cosines.length === 0) return failed('the embeddings cannot be compared')
      const best = Math.max(...cosines)
      return scored(Math.max(0, best), `cosine ${rounded(best)}`)
    },
})

import type { Execution } from '../../domain/execution.ts'

/** The contract's fields in the contract's order; whatever else the store may hold stays out. */
const line = (execution: Execution): string =>
  JSON.stringify({
    experiment: execution.experiment,
    cell: execution.cell,
    variant: execution.variant,
    version: execution.version,
    model: execution.model,
    servedModel: execution.servedModel,
    case: execution.case,
    repetition: execution.repetition,
    messages: execution.messages,
    output: execution.output,
    finishReason: execution.finishReason,
    score: execution.score,
    passed: execution.passed,
    scores: execution.scores.map(({ evaluator, score, passed, reason }) => ({ evaluator, score, passed, reason })),
    failure: execution.failure,
    inputTokens: execution.inputTokens,
    outputTokens: execution.outputTokens,
    cachedInputTokens: execution.cachedInputTokens,
    costUsd: execution.costUsd,
    latencyMs: execution.latencyMs,
    firstTokenMs: execution.firstTokenMs,
    fromCache: execution.fromCache,
    attempts: execution.attempts,
    startedAt: execution.startedAt,
    traceId: execution.traceId,
    userFeedback: execution.userFeedback,
  })

/** One line of executions.jsonl per cell, each ended by a newline; call it page by page for large experiments. */
export const renderExecutions = (executions: readonly Execution[]): string =>
  executions.map((execution) => `${line(execution)}\n`).join('')

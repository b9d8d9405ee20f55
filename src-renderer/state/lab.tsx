import { QueryClient, type UseMutationResult, type UseQueryResult, useMutation, useQuery } from '@tanstack/react-query'

import { createContext, useContext } from 'react'
import type { LabClient } from '../client/client.ts'

export type { LabClient }

const LabContext = createContext<LabClient | null>(null)
export const LabProvider = LabContext.Provider

/** The typed client of the door this window stands behind. */
export const useLab = (): LabClient => {
  const lab = useContext(LabContext)
  if (lab === null) throw new Error('useLab outside LabProvider')
  return lab
}

/**
 * Keys of queries begin with what they show, so that a command's `touched` areas find them:
 * ['project' | 'prompts' | 'versions' | 'cases' | 'columns' | 'setup' | 'ratings' | own area, project, ...details].
 */
export type QueryKey = readonly [area: string, ...rest: readonly unknown[]]

/** The host answers from this machine: a failed question is told at once and asked again by a person, not by a timer. */
export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: { retry: false, staleTime: 5_000, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  })

/** Asks the host: `useAsk(['prompts', project], (lab, signal) => lab.prompts.list.query({ project }, { signal }))`. */
export const useAsk = <T,>(
  key: QueryKey,
  ask: (lab: LabClient, signal: AbortSignal) => Promise<T>,
  options: {
    readonly enabled?: boolean
    readonly staleMs?: number
    readonly everyMs?: number
    readonly keep?: boolean
  } = {},
): UseQueryResult<T> => {
  const lab = useLab()
  return useQuery<T>({
    queryKey: key,
    queryFn: ({ signal }) => ask(lab, signal),
    ...(options.enabled === undefined ? {} : { enabled: options.enabled }),
    ...(options.staleMs === undefined ? {} : { staleTime: options.staleMs }),
    ...(options.everyMs === undefined ? {} : { refetchInterval: options.everyMs }),
    ...(options.keep === true ? { placeholderData: (previous: unknown) => previous as never } : {}),
  })
}

/** An effect that is not a command of the project's log (test a connection, back up). Its error is shown by the caller. */
export const useAct = <Input = void, Output = unknown>(
  act: (lab: LabClient, input: Input) => Promise<Output>,
  options: {
    readonly onDone?: (output: Output, input: Input) => void
    readonly onError?: (error: unknown) => void
  } = {},
): UseMutationResult<Output, Error, Input> => {
  const lab = useLab()
  return useMutation<Output, Error, Input>({
    mutationFn: (input) => act(lab, input),
    onSuccess: (output, input) => options.onDone?.(output, input),
    onError: (error) => options.onError?.(error),
  })
}

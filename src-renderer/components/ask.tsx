import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { tellError } from '../state/errors.ts'
import { ErrorState } from './error-state.tsx'
import { Skeleton } from './skeleton.tsx'

/** The three states of a question to the host: on its way, failed, answered. Data on the screen stays while it is asked again. */
export function Ask<T>(props: {
  readonly of: UseQueryResult<T>
  readonly shape?: 'lines' | 'cards' | 'rows' | 'block'
  readonly count?: number
  readonly inline?: boolean
  readonly children: (data: T) => ReactNode
}) {
  const { of: question } = props
  if (question.data !== undefined) return <>{props.children(question.data)}</>
  if (question.isError) {
    const { what, safe, next, detail } = tellError(question.error)
    return (
      <ErrorState
        what={what}
        safe={safe}
        next={next}
        detail={detail}
        inline={props.inline ?? false}
        onRetry={() => void question.refetch()}
      />
    )
  }
  return <Skeleton shape={props.shape ?? 'lines'} count={props.count ?? 4} />
}

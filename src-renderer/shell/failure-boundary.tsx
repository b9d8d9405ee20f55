import { Component, type ReactNode } from 'react'
import { ErrorState } from '../components/error-state.tsx'
import { tellError } from '../state/errors.ts'

/** A class, because React offers no other way to catch a failure while drawing: one broken screen leaves the shell alive. */
export class FailureBoundary extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error }
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children
    const { what, safe, next, detail } = tellError(this.state.error)
    return (
      <ErrorState what={what} safe={safe} next={next} detail={detail} onRetry={() => this.setState({ error: null })} />
    )
  }
}

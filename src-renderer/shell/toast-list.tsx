import { Button, CloseButton } from '@mantine/core'
import { useEffect } from 'react'
import { Icon } from '../components/icon.tsx'
import { type Toast, useToasts } from '../state/toasts.ts'
import classes from './toast-list.module.css'

const signs = { done: 'check', note: 'info', problem: 'alert' } as const

const ToastEntry = (props: { readonly toast: Toast }) => {
  const { toast } = props
  const dismiss = useToasts((state) => state.dismiss)
  const waits = toast.kind === 'problem' ? null : toast.action === undefined ? 4_000 : 10_000
  useEffect(() => {
    if (waits === null) return
    const timer = setTimeout(() => dismiss(toast.id), waits)
    return () => clearTimeout(timer)
  }, [toast.id, waits, dismiss])
  return (
    <li className={classes.toast} data-kind={toast.kind}>
      <Icon name={signs[toast.kind]} />
      <span className={classes.text}>{toast.text}</span>
      {toast.action === undefined ? null : (
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            toast.action?.run()
            dismiss(toast.id)
          }}
        >
          {toast.action.label}
        </Button>
      )}
      <CloseButton size="sm" aria-label="Dismiss" onClick={() => dismiss(toast.id)} />
    </li>
  )
}

/** Polite: told after what the screen reader is saying. The list stays in the page, or its first message would be missed. */
export const ToastList = () => {
  const toasts = useToasts((state) => state.toasts)
  return (
    <div role="status" aria-live="polite" aria-label="Messages">
      <ul className={classes.list}>
        {toasts.map((toast) => (
          <ToastEntry key={toast.id} toast={toast} />
        ))}
      </ul>
    </div>
  )
}

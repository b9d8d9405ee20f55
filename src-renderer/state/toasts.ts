import { create } from 'zustand'

export type Toast = {
  readonly id: number
  readonly kind: 'done' | 'note' | 'problem'
  readonly text: string
  readonly action?: { readonly label: string; readonly run: () => void }
}

type Toasts = {
  readonly toasts: readonly Toast[]
  readonly show: (toast: Omit<Toast, 'id'>) => void
  readonly dismiss: (id: number) => void
}

let lastId = 0

/** At most three at once; a toast with an action waits longer for it. Problems stay until they are dismissed. */
export const useToasts = create<Toasts>()((set) => ({
  toasts: [],
  show: (toast) => {
    lastId += 1
    const id = lastId
    set((state) => ({ toasts: [...state.toasts, { ...toast, id }].slice(-3) }))
  },
  dismiss: (id) => set((state) => ({ toasts: state.toasts.filter((toast) => toast.id !== id) })),
}))

export const showToast = (toast: Omit<Toast, 'id'>): void => useToasts.getState().show(toast)

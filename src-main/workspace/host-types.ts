import type { AvailableModel } from '../../src-core/ports/provider.ts'
import type { RowId } from './types.ts'

export type KeyStatus = {
  readonly variable: string
  readonly provider: string
  readonly label: string
  readonly origin: string | null
  readonly set: boolean
  readonly from: 'keychain' | 'session' | 'environment' | null
}
/** Where keys are kept; `none`: this door takes keys from the environment only. */
export type KeyBackend = {
  readonly kind: 'keychain' | 'session' | 'environment'
  readonly label: string
  readonly canSet: boolean
}

export type ServiceCard = {
  readonly id: string
  readonly label: string
  readonly local: boolean
  readonly baseUrl: string | null
  readonly keyVariable: string | null
  readonly keySet: boolean | null
}
export type ConnectionTest = {
  readonly ok: boolean
  readonly message: string
  readonly latencyMs: number | null
  readonly models: readonly AvailableModel[]
}

export type PriceRow = {
  readonly provider: string
  readonly model: string
  readonly baseUrl: string | null
  readonly inputPerMillion: number
  readonly outputPerMillion: number
  readonly cachedInputPerMillion: number | null
  /** A price of the user's own wins over the table's. */
  readonly own: boolean
}
export type PriceList = { readonly date: string; readonly rows: readonly PriceRow[]; readonly total: number }

export const themes = ['light', 'dark', 'system'] as const
export type Settings = {
  readonly theme: (typeof themes)[number]
  readonly density: 'comfortable' | 'compact'
  readonly singleLetterKeys: boolean
  /** Command id to keys, where a person changed them. */
  readonly shortcuts: Readonly<Record<string, string>>
  readonly detectLocalModels: boolean
  readonly onClose: 'ask' | 'background' | 'stop'
  readonly lastProject: RowId | null
}

export type DataState = {
  readonly path: string
  readonly bytes: number
  readonly lastCheck: { readonly at: string; readonly ok: boolean; readonly problems: readonly string[] } | null
  readonly lastBackup: { readonly at: string; readonly file: string; readonly bytes: number } | null
  readonly automaticBackups: readonly { readonly file: string; readonly bytes: number; readonly at: string }[]
}

export type NetworkEntry = {
  readonly n: number
  readonly at: string
  readonly host: string
  /** 'model call', 'model list', 'download', ... */
  readonly purpose: string
  readonly method: string
  readonly loopback: boolean
  readonly sentBytes: number
  readonly receivedBytes: number
  readonly durationMs: number
  readonly status: number | null
  readonly outcome: 'ok' | 'failed' | 'cancelled'
}
export type NetworkLog = {
  readonly entries: readonly NetworkEntry[]
  readonly total: number
  readonly beyondThisMachine: number
}

export type PullState = {
  readonly id: string
  readonly state: 'running' | 'done' | 'failed' | 'cancelled'
  readonly bytes: number
  readonly totalBytes: number | null
  readonly bytesPerSecond: number | null
  readonly etaSeconds: number | null
  readonly message: string | null
}

export type PaletteItem = {
  readonly kind: 'project' | 'prompt' | 'case' | 'model' | 'experiment'
  readonly id: string
  readonly title: string
  readonly detail: string
  readonly project: RowId | null
}
export type Activity = {
  readonly at: string
  readonly kind: 'command' | 'run'
  readonly project: RowId
  readonly projectName: string
  readonly text: string
  readonly experiment: string | null
}
export type AppInfo = {
  readonly labVersion: string
  readonly door: 'desktop' | 'browser'
  readonly node: string
  readonly platform: string
  readonly readOnly: boolean
  readonly notices: readonly string[]
  readonly runsLive: number
  /** Over all projects since midnight UTC; null where a price is unknown. */
  readonly spentTodayUsd: number | null
}

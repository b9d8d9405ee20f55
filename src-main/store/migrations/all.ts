import { foundation } from './0001-foundation.ts'
import { workspace } from './0002-workspace.ts'
import type { Migration } from './migration.ts'

export const migrations: readonly Migration[] = [foundation, workspace]

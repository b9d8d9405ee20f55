import type { ComponentType } from 'react'
import type { IconName } from '../components/icon.tsx'
import type { Command } from '../shortcuts/commands.ts'

/**
 * A screen of the app: one folder under features/, which exports one `screen` from its `screen.tsx`. The shell draws rail,
 * routes and palette from these entries and never asks which screen it holds.
 */
export type Screen = {
  readonly id: string
  readonly label: string
  readonly icon: IconName
  /** Segments with `:name` are parameters, with `:name?` optional ones at the end. Project screens begin with /p/:project. */
  readonly path: `/${string}`
  /** Place in the rail, from above: 10 projects, 20 prompts, 30 cases, 40 models, 50 experiments, 90 settings. */
  readonly order: number
  /** 'none': reached from another screen or the palette only. */
  readonly rail: 'lab' | 'project' | 'none'
  /** Id of the rail entry that stands lit while this screen shows; its own where left out. */
  readonly under?: string
  /**
   * Kinds of things this screen opens by the parameter of that name, or by `:id`: the palette goes there. A project opens
   * the screen that shows 'project'.
   */
  readonly shows?: readonly ('project' | 'prompt' | 'case' | 'model' | 'experiment')[]
  /** Use React.lazy, so that a screen's code is fetched when it is first opened. */
  readonly component: ComponentType
  /**
   * Stands beside any screen whose address carries the query parameter `param`, with that screen's parameters; so what one
   * folder shows (a response) can be opened from others that do not know it. `key`s itself by the parameter's value.
   */
  readonly beside?: { readonly param: string; readonly component: ComponentType }
  /** In the palette as long as the app runs. For commands of an open screen use `useCommands`. */
  readonly commands?: readonly Command[]
}

/**
 * The shortcut table: the one place where keys are given out. `Mod` is Cmd on macOS and Ctrl elsewhere.
 * `inText`: works while a text field has the focus too. All others leave every key to the focused field.
 */
export type Shortcut = {
  readonly keys: string
  readonly label: string
  readonly group: 'Everywhere' | 'Running' | 'Editing' | 'Review lists' | 'Prompt editor' | 'Grids' | 'First run'
  readonly inText: boolean
}

export const shortcutTable = {
  palette: { keys: 'Mod+K', label: 'Go to object', group: 'Everywhere', inText: true },
  commands: { keys: 'Mod+Shift+P', label: 'Commands', group: 'Everywhere', inText: true },
  shortcuts: { keys: '?', label: 'Show the shortcuts', group: 'Everywhere', inText: false },
  settings: { keys: 'Mod+,', label: 'Settings', group: 'Everywhere', inText: true },
  run: { keys: 'Mod+Enter', label: 'Run the cell, row or experiment in focus', group: 'Running', inText: true },
  dryRun: { keys: 'Mod+Shift+Enter', label: 'Dry run', group: 'Running', inText: true },
  pause: { keys: 'Mod+.', label: 'Pause or resume', group: 'Running', inText: true },
  cancel: { keys: 'Mod+Shift+.', label: 'Cancel the run (asks first)', group: 'Running', inText: true },
  commit: { keys: 'Mod+S', label: 'Commit a named version', group: 'Editing', inText: true },
  undo: { keys: 'Mod+Z', label: 'Undo', group: 'Editing', inText: false },
  redo: { keys: 'Mod+Shift+Z', label: 'Redo', group: 'Editing', inText: false },
  diff: { keys: 'Mod+D', label: 'Difference from the baseline', group: 'Editing', inText: true },
  next: { keys: 'J', label: 'Next', group: 'Review lists', inText: false },
  previous: { keys: 'K', label: 'Previous', group: 'Review lists', inText: false },
  pass: { keys: 'P', label: 'Rate as pass', group: 'Review lists', inText: false },
  fail: { keys: 'F', label: 'Rate as fail', group: 'Review lists', inText: false },
  comment: { keys: 'C', label: 'Comment', group: 'Review lists', inText: false },
  repeat: { keys: 'R', label: 'Repeat the call', group: 'Review lists', inText: false },
  moveUp: { keys: 'Alt+ArrowUp', label: 'Move the message up', group: 'Prompt editor', inText: true },
  moveDown: { keys: 'Alt+ArrowDown', label: 'Move the message down', group: 'Prompt editor', inText: true },
  preview: { keys: 'Mod+/', label: 'Show or hide the preview', group: 'Prompt editor', inText: true },
  filter: { keys: 'Mod+Shift+L', label: 'Filter', group: 'Grids', inText: true },
  edit: { keys: 'F2', label: 'Edit the cell', group: 'Grids', inText: false },
  choose1: { keys: '1', label: 'Open the sample lab', group: 'First run', inText: false },
  choose2: { keys: '2', label: 'Use a model on this computer', group: 'First run', inText: false },
  choose3: { keys: '3', label: 'Add an API key', group: 'First run', inText: false },
} as const satisfies Record<string, Shortcut>

export type ShortcutId = keyof typeof shortcutTable
export const shortcutIds = Object.keys(shortcutTable) as readonly ShortcutId[]

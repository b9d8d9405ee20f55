import type { ShortcutId } from '../shortcuts/table.ts'
import { useKeyNames } from '../shortcuts/use-shortcut.ts'
import classes from './keys.module.css'

/** Keys as key caps. */
export const KeyCaps = (props: { readonly names: readonly string[] }) => (
  <span className={classes.keys}>
    {props.names.map((name) => (
      <kbd key={name}>{name}</kbd>
    ))}
  </span>
)

/** The keys of a shortcut as they are set now. */
export const Keys = (props: { readonly of: ShortcutId }) => <KeyCaps names={useKeyNames(props.of)} />
